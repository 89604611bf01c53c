"""PyTorch's side of econ: reads "EPISODES WIDTH UPDATES" lines, answers with CPU seconds of one episode.

The same networks, losses and order of work as plugins/methods/econ: two decisions of three executors,
and after every 8 episodes UPDATES steps on batches of 16."""
import sys
import time

try:
    import torch
    import torch.nn.functional as F
    from torch import nn
except ImportError:
    print("no PyTorch (Debian: python3-torch); set PYTHON to another interpreter")
    sys.exit()

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
torch.manual_seed(1)
N, STAGES, BATCH, EVERY, BUFFER, D, B, HEADS = 3, 2, 16, 8, 256, 256, 128, 4
GAMMA, TAU, LAMBDA_M, LAMBDA_B, CLIP = 0.99, 0.05, 0.1, 0.1, 10.0
GRID = torch.cartesian_prod(torch.linspace(0, 1, 7), torch.linspace(0, 1, 5))


class Executor(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk, self.norm, self.gru = nn.Linear(3 * D + 2, D), nn.LayerNorm(D), nn.GRU(D, B)
        self.q_belief, self.q_action, self.q_out = nn.Linear(B, D), nn.Linear(2, D, bias=False), nn.Linear(D, 1)

    def look(self, x):
        return self.norm(F.relu(self.trunk(x)))

    def q(self, b, e):
        return self.q_out(F.silu(self.q_belief(b) + self.q_action(2 * e - 1)))

    def q_grid(self, b):
        return self.q_out(F.silu(self.q_belief(b).unsqueeze(1) + self.q_action(2 * GRID - 1))).squeeze(2)


class Beliefs(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.project = nn.Linear(width, D, bias=False)
        self.executors = nn.ModuleList(Executor() for _ in range(N))

    def unroll(self, table, view, last):
        """table [m][width], view [N][3][S][batch], last [N][S][batch][2] -> beliefs, projected table."""
        z = self.project(table)
        out = []
        for i, x in enumerate(self.executors):
            seen = torch.cat([*(z[view[i, k]] for k in range(3)), last[i]], dim=2)
            out.append(x.gru(x.look(seen))[0].reshape(-1, B))
        return out, z


def attention(qkv, heads):
    rows, n, width = qkv.shape[0], qkv.shape[1], qkv.shape[2] // 3
    q, k, v = (a.view(rows, n, heads, -1).transpose(1, 2) for a in qkv.split(width, dim=2))
    a = F.softmax(q @ k.transpose(2, 3) / (width / heads) ** 0.5, dim=-1)
    return (a @ v).transpose(1, 2).reshape(rows, n, width)


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv, self.out, self.norm1 = nn.Linear(B, 3 * B), nn.Linear(B, B), nn.LayerNorm(B)
        self.up, self.down, self.norm2, self.last = nn.Linear(B, 4 * B), nn.Linear(4 * B, B), nn.LayerNorm(B), nn.Linear(B, B)

    def forward(self, tokens):
        x = self.norm1(tokens + self.out(attention(self.qkv(tokens), HEADS)))
        x = self.norm2(x + self.down(F.relu(self.up(x))))
        return self.last(x.mean(1))


class Mixer(nn.Module):
    def __init__(self):
        super().__init__()
        self.lift, self.qkv = nn.Linear(2, D), nn.Linear(D, 3 * D)
        self.fuse1, self.fuse2 = nn.Linear(D + B, D), nn.Linear(D, D)
        self.query, self.key, self.scale = nn.Linear(B, D), nn.Linear(D, D, bias=False), nn.Linear(B, HEADS)
        self.base1, self.base2 = nn.Linear(B, D), nn.Linear(D, 1)

    def forward(self, e, actions, q):
        w = attention(self.qkv(self.lift(actions)), HEADS)
        f = self.fuse2(F.relu(self.fuse1(torch.cat([w, e.unsqueeze(1).expand(-1, N, -1)], 2))))
        a = (self.key(f) * self.query(e).unsqueeze(1)).view(-1, N, HEADS, D // HEADS).sum(3).transpose(1, 2)
        z = (F.softmax(a / (D / HEADS) ** 0.5, dim=2) * q.unsqueeze(1)).sum(2)
        total = (self.scale(e).abs() * z).sum(1, keepdim=True) + self.base2(F.relu(self.base1(e)))
        return total, f


class Learner:
    def __init__(self, width, updates):
        self.width, self.updates = width, updates
        self.nets, self.targets = ([Beliefs(width), Encoder(), Mixer()] for _ in range(2))
        self.heads = nn.ModuleList(nn.Linear(B, 2) for _ in range(N))
        self.logits = torch.zeros(3, requires_grad=True)
        groups = [self.nets[0].parameters(), self.heads.parameters(), self.nets[1].parameters(), self.nets[2].parameters()]
        self.groups = [list(g) for g in groups] + [[self.logits]]
        self.adam = [torch.optim.Adam(g, lr=1e-3) for g in self.groups]
        self.replay, self.waiting = [], 0

    def decide(self, table, stage, last, hidden):
        beliefs = self.nets[0]
        z = beliefs.project(table)
        said = z[1 + stage] if stage else torch.zeros(D)
        for i, x in enumerate(beliefs.executors):
            seen = torch.cat([z[0], z[1], said, last[i]]).view(1, 1, -1)
            hidden[i] = x.gru(x.look(seen), hidden[i])[1]
            last[i] = torch.sigmoid(self.heads[i](hidden[i].view(1, B)) + 0.5 * torch.randn(1, 2)).view(2)

    def play(self, table):
        last, hidden = [torch.full((2,), 0.5) for _ in range(N)], [torch.zeros(1, 1, B) for _ in range(N)]
        before, actions = [], []
        with torch.no_grad():
            for s in range(STAGES):
                before.append(torch.stack(last))
                self.decide(table, s, last, hidden)
                actions.append(torch.stack(last))
        # [N][S][2], [N][S][2], [N][S][3]
        self.replay.append((table, torch.stack(before, 1), torch.stack(actions, 1), torch.rand(N, STAGES, 3)))
        self.replay = self.replay[-BUFFER:]
        self.waiting += 1
        if self.waiting == EVERY:
            self.waiting = 0
            for _ in range(self.updates):
                self.update()

    def batch(self):
        drawn = [self.replay[i] for i in torch.randperm(len(self.replay))[:BATCH]]
        n = len(drawn)
        table = torch.cat([torch.zeros(1, self.width), *(d[0] for d in drawn)])
        first = 1 + 4 * torch.arange(n)
        view = torch.stack([torch.stack([first, first]), torch.stack([first + 1, first + 1]),
                            torch.stack([torch.zeros_like(first), first + 2])]).expand(N, -1, -1, -1)
        said = torch.cat([first + 2, first + 3])
        last, action, reward = (torch.stack([d[k] for d in drawn], 2) for k in (1, 2, 3))
        return n, table, view, said, last, action.reshape(N, STAGES * n, 2), reward.reshape(N, STAGES * n, 3)

    def update(self):
        n, table, view, said, last, action, reward = self.batch()
        r = reward @ F.softmax(self.logits, 0)
        beliefs, encoder, mixer = self.targets
        with torch.no_grad():
            b, _ = beliefs.unroll(table, view, last)
            b = [x[n:] for x in b]
            best = [x.q_grid(b[i]).max(1) for i, x in enumerate(beliefs.executors)]
            next_q = torch.stack([q.values for q in best], 1)
            following, _ = mixer(encoder(torch.stack(b, 1)), torch.stack([GRID[q.indices] for q in best], 1), next_q)
            y = r.detach().clone()
            y[:, :n] += GAMMA * next_q.t()
            y_total = r.detach().mean(0)
            y_total[:n] += GAMMA * following.squeeze(1)
        beliefs, encoder, mixer = self.nets
        b, z = beliefs.unroll(table, view, last)
        q = [x.q(b[i], action[i]) for i, x in enumerate(beliefs.executors)]
        held, held_q = [x.detach() for x in b], torch.cat(q, 1).detach()
        total, f = mixer(encoder(torch.stack(held, 1)), action.transpose(0, 1), held_q)
        td = sum(F.mse_loss(q[i].squeeze(1), y[i]) + LAMBDA_M * F.mse_loss(q[i], total.detach()) for i in range(N))
        td_total = F.mse_loss(total.squeeze(1), y_total)
        close = F.cosine_similarity(f, z.detach()[said].unsqueeze(1), dim=2)
        mix = td_total + LAMBDA_B * ((1 - close) ** 2).sum(1).mean()
        actor = -sum(x.q(held[i], torch.sigmoid(self.heads[i](held[i]))).mean() for i, x in enumerate(beliefs.executors))
        # r_i - (Q_i - gamma max Q_i'), the latter held still
        weights = ((r + (y - r.detach()) - held_q.t()) ** 2).mean(1).sum()
        for loss, group in zip((td, actor, td_total, mix, weights), self.groups):
            for p, g in zip(group, torch.autograd.grad(loss, group, retain_graph=True)):
                p.grad = g
        for group in self.groups:
            nn.utils.clip_grad_norm_(group, CLIP)
        for adam in self.adam:
            adam.step()
        with torch.no_grad():
            for now, target in zip(self.nets, self.targets):
                slow = list(target.parameters())
                torch._foreach_mul_(slow, 1 - TAU)
                torch._foreach_add_(slow, list(now.parameters()), alpha=TAU)


print(f"PyTorch {torch.__version__}, one thread", flush=True)
made = (None, None)
for line in sys.stdin:
    runs, name = line.strip().split(" ", 1)
    if made[0] != name:
        made = (name, Learner(*(int(x) for x in name.split())))
        texts = [torch.randn(4, made[1].width) / made[1].width ** 0.5 for _ in range(int(runs))]
        for t in texts:
            made[1].play(t)
    begin = time.process_time()
    for t in texts:
        made[1].play(t)
    print((time.process_time() - begin) / int(runs), flush=True)

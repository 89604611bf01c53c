"""PyTorch's side of update: reads "RUNS CASE" lines, answers with the CPU seconds of one run."""
import copy
import math
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
BATCH, ACTIONS, VIEWS = 128, 6, 4
SIZES = {"paper": (84, 11, 32, 1, 100, 1024), "laptop": (48, 4, 16, 2, 50, 256)}


class Trunk(nn.Module):
    def __init__(self, pixels, layers, filters, strided):
        super().__init__()
        stages, channels, side = [], 9, pixels
        for i in range(layers):
            stride = 2 if i < strided else 1
            stages += [nn.Conv2d(channels, filters, 3, stride), nn.ReLU()]
            channels, side = filters, (side - 3) // stride + 1
        self.stages = nn.Sequential(*stages[:-1], nn.Flatten())
        self.flat = filters * side * side

    def forward(self, stacks):
        return self.stages(stacks.float() / 255)


def projection(flat, features):
    return nn.Sequential(nn.Linear(flat, features), nn.LayerNorm(features), nn.Tanh())


def mlp(n_in, hidden, n_out):
    return nn.Sequential(nn.Linear(n_in, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(),
                         nn.Linear(hidden, n_out))


class Critic(nn.Module):
    def __init__(self, pixels, layers, filters, strided, features, hidden):
        super().__init__()
        self.trunk = Trunk(pixels, layers, filters, strided)
        self.projection = projection(self.trunk.flat, features)
        self.q1, self.q2 = mlp(features + ACTIONS, hidden, 1), mlp(features + ACTIONS, hidden, 1)

    def values(self, flat, action):
        h = torch.cat([self.projection(flat), action], dim=1)
        return self.q1(h), self.q2(h)

    def forward(self, stacks, action):
        return self.values(self.trunk(stacks), action)


class Sac:
    def __init__(self, name):
        size = SIZES[name]
        self.critic = Critic(*size)
        self.target = copy.deepcopy(self.critic)
        flat = self.critic.trunk.flat
        self.projection, self.policy = projection(flat, size[4]), mlp(size[4], size[5], 2 * ACTIONS)
        self.log_alpha = torch.tensor([math.log(0.1)], requires_grad=True)
        self.theta = list(self.critic.parameters())
        actor = [*self.projection.parameters(), *self.policy.parameters()]
        self.critic_adam, self.actor_adam = torch.optim.Adam(self.theta, 1e-3), torch.optim.Adam(actor, 1e-3)
        self.alpha_adam = torch.optim.Adam([self.log_alpha], 1e-4, (0.5, 0.999))
        self.stacks = torch.randint(256, (VIEWS * BATCH, 9, size[0], size[0]), dtype=torch.uint8)
        self.action, self.y = torch.rand(VIEWS * BATCH, ACTIONS) * 2 - 1, torch.rand(VIEWS * BATCH, 1)

    def sample(self, flat):
        mean, log_std = self.policy(self.projection(flat)).chunk(2, dim=1)
        log_std = -10 + 6 * (torch.tanh(log_std) + 1)
        noise = torch.randn_like(mean)
        u = mean + log_std.exp() * noise
        log_prob = -0.5 * noise ** 2 - log_std - 0.5 * math.log(2 * math.pi) - 2 * (math.log(2) - u - F.softplus(-2 * u))
        return torch.tanh(u), log_prob.sum(dim=1, keepdim=True)

    def loss(self, start, n):
        rows = slice(start, start + n)
        q1, q2 = self.critic(self.stacks[rows], self.action[:n])
        return F.mse_loss(q1, self.y[:n]) + F.mse_loss(q2, self.y[:n])

    def whole(self, n):
        self.critic_adam.zero_grad(set_to_none=True)
        self.loss(0, n).backward()
        self.critic_adam.step()

    def views(self, n):
        """Balanced by 1 / norm; components on which signs differ times max(1/2, agreement)."""
        rows = []
        for v in range(n):
            rows.append(torch.cat([g.view(-1) for g in torch.autograd.grad(self.loss(v * BATCH, BATCH), self.theta)]))
        g = torch.stack(rows)
        w = 1 / g.norm(dim=1)
        c = g * (w / w.sum())[:, None]
        s = c.sign()
        agreement = s.sum(dim=0).abs() / (s != 0).sum(dim=0).clamp(min=1)
        out, at = c.sum(dim=0) * agreement.clamp(min=0.5), 0
        for p in self.theta:
            p.grad = out[at:at + p.numel()].view_as(p)
            at += p.numel()
        self.critic_adam.step()

    def actor(self):
        with torch.no_grad():
            flat = self.critic.trunk(self.stacks[:BATCH])
        action, log_prob = self.sample(flat)
        q1, q2 = self.critic.values(flat, action)
        alpha = self.log_alpha.exp()
        self.actor_adam.zero_grad(set_to_none=True)
        (alpha.detach() * log_prob - torch.min(q1, q2)).mean().backward()
        self.actor_adam.step()
        self.critic_adam.zero_grad(set_to_none=True)
        self.alpha_adam.zero_grad(set_to_none=True)
        (alpha * (ACTIONS - log_prob).detach()).mean().backward()
        self.alpha_adam.step()

    def next_value(self):
        with torch.no_grad():
            stacks = self.stacks[BATCH:2 * BATCH]
            action, log_prob = self.sample(self.critic.trunk(stacks))
            q1, q2 = self.target(stacks, action)
            return self.y[:BATCH] + 0.99 * self.y[BATCH:2 * BATCH] * (torch.min(q1, q2) - self.log_alpha.exp() * log_prob)

    def averages(self):
        with torch.no_grad():
            for name, p in self.target.named_parameters():
                p.lerp_(self.critic.get_parameter(name), 0.01 if name[0] == "q" else 0.05)

    def act(self):
        with torch.no_grad():
            self.sample(self.critic.trunk(self.stacks[:1]))


def make(sac, name):
    words = name.split()
    if words[0] == "critic":
        if words[1] == "svea":
            return lambda: sac.whole(2 * BATCH)
        n = int(words[1])
        return (lambda: sac.whole(BATCH)) if n == 1 else (lambda: sac.views(n))
    return {"target": sac.next_value, "actor": sac.actor, "averages": sac.averages, "act": sac.act}[words[0]]


capability = torch.__config__.show().split("CPU capability usage: ")[-1].split("\n")[0]
print(f"PyTorch {torch.__version__}, {capability}, one thread", flush=True)
size, sac = None, None
for line in sys.stdin:
    runs, wanted, name = line.strip().split(" ", 2)
    if wanted != size:
        size, sac = wanted, Sac(wanted)
    run = make(sac, name)
    begin = time.process_time()
    for _ in range(int(runs)):
        run()
    print((time.process_time() - begin) / int(runs), flush=True)

"""PyTorch's side of nn: reads "RUNS CASE" lines, answers with the seconds of one run."""
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
BATCH, TIME, WIDTH, HEADS, WORDS = 32, 128, 128, 4, 256


def conv(kind, channels, size, stride):
    x, w, b = torch.randn(128, channels, size, size), torch.randn(32, channels, 3, 3), torch.randn(32)
    dy = torch.randn_like(F.conv2d(x, w, b, stride))

    def forward():
        with torch.no_grad():
            F.conv2d(x, w, b, stride)

    def back(mask):
        torch.ops.aten.convolution_backward(
            dy, x, w, [32], [stride] * 2, [0, 0], [1, 1], False, [0, 0], 1, mask)

    return {"forward": forward, "data": lambda: back([True, False, False]),
            "weights": lambda: back([False, True, True])}[kind]


def attend(qkv, causal):
    q, k, v = (a.view(BATCH, TIME, HEADS, -1).transpose(1, 2) for a in qkv.split(WIDTH, dim=2))
    scores = q @ k.transpose(2, 3) * (1 / math.sqrt(WIDTH / HEADS))
    if causal:
        scores = scores.masked_fill(MASK, float("-inf"))
    return (F.softmax(scores, dim=-1) @ v).transpose(1, 2).reshape(BATCH, TIME, WIDTH)


MASK = torch.ones(TIME, TIME, dtype=torch.bool).triu(1)


def operator(name):
    shape = (BATCH, TIME, 3 * WIDTH) if "attention" in name else (TIME, BATCH, WIDTH) if "gru" in name else (4096, WIDTH)
    x = torch.randn(shape, requires_grad=True)
    target = torch.arange(4096) % WIDTH
    gru = nn.GRU(WIDTH, WIDTH)
    start = torch.randn(1, BATCH, WIDTH)
    norm, linear = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 4 * WIDTH)
    forms = {
        "attention": lambda: attend(x, False), "causal attention": lambda: attend(x, True),
        "layer norm": lambda: norm(x), "softmax": lambda: F.softmax(x, dim=-1),
        "gelu": lambda: F.gelu(x), "silu": lambda: F.silu(x), "tanh": lambda: torch.tanh(x),
        "elu": lambda: F.elu(x), "linear relu": lambda: F.relu(linear(x)),
        "gru": lambda: gru(x, start)[0], "cross entropy": lambda: F.cross_entropy(x, target),
    }
    y = forms[name.split(" forward")[0]]
    params = [x, *gru.parameters(), *norm.parameters(), *linear.parameters()]
    g = torch.randn_like(y())

    def forward():
        y()

    def back():
        for p in params:
            p.grad = None
        out = y()
        (out if out.dim() == 0 else (out * g).sum()).backward()

    return back if name.endswith("back") else forward


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, h):
        h = h + self.out(attend(self.qkv(self.norm1(h)), True))
        return h + self.down(F.gelu(self.up(self.norm2(h))))


class Language(nn.Module):
    def __init__(self):
        super().__init__()
        self.token, self.place = nn.Embedding(WORDS, WIDTH), nn.Embedding(TIME, WIDTH)
        self.blocks = nn.Sequential(*(Block() for _ in range(4)))
        self.norm, self.head = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, WORDS)
        self.tokens, self.next = torch.randint(WORDS, (BATCH, TIME)), torch.randint(WORDS, (BATCH * TIME,))

    def forward(self):
        h = self.blocks(self.token(self.tokens) + self.place.weight)
        return F.cross_entropy(self.head(self.norm(h)).view(-1, WORDS), self.next)


class Critic(nn.Module):
    def __init__(self, layers, filters, pixels):
        super().__init__()
        stages, channels, size, strided = [], 9, pixels, 1 if layers == 11 else 2
        for i in range(layers):
            stride = 2 if i < strided else 1
            stages += [nn.Conv2d(channels, filters, 3, stride), nn.ReLU()]
            channels, size = filters, (size - 3) // stride + 1
        self.encoder = nn.Sequential(*stages[:-1], nn.Flatten(), nn.Linear(filters * size * size, 100),
                                     nn.LayerNorm(100), nn.Tanh())
        self.q1, self.q2 = (nn.Sequential(nn.Linear(106, 1024), nn.ReLU(), nn.Linear(1024, 1024),
                                          nn.ReLU(), nn.Linear(1024, 1)) for _ in range(2))
        self.pixels, self.action = torch.rand(128, 9, pixels, pixels), torch.rand(128, 6)
        self.target = torch.rand(128, 1)

    def forward(self):
        h = torch.cat([self.encoder(self.pixels), self.action], dim=1)
        return F.mse_loss(self.q1(h), self.target) + F.mse_loss(self.q2(h), self.target)


def step(net):
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)

    def run():
        adam.zero_grad(set_to_none=True)
        net().backward()
        adam.step()

    return run


def make(name):
    words = name.split()
    if words[0] == "conv":
        return conv(words[1], int(words[2]), int(words[4]), int(words[7]))
    if words[1] == "transformer":
        return step(Language())
    if words[1] == "critic":
        return step(Critic(int(words[2]), int(words[4]), int(words[6])))
    return operator(name)


capability = torch.__config__.show().split("CPU capability usage: ")[-1].split("\n")[0]
print(f"PyTorch {torch.__version__}, {capability}, one thread", flush=True)
made = (None, None)
for line in sys.stdin:
    runs, name = line.strip().split(" ", 1)
    if made[0] != name:
        made = None
        made = (name, make(name))
    begin = time.perf_counter()
    for _ in range(int(runs)):
        made[1]()
    print((time.perf_counter() - begin) / int(runs), flush=True)

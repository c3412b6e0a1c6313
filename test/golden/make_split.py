"""The split of test/main/datasets/split.test.ts, computed apart from the project's code and its library.

xoroshiro128+ as published (Blackman and Vigna 2018) on 64-bit words, the low half of each sum taken;
Fisher and Yates from the end; largest remainders in exact fractions. Run it with any Python 3.
"""

from fractions import Fraction

MASK = 2**64 - 1


def rotate(x, k):
    return ((x << k) | (x >> (64 - k))) & MASK


class Generator:
    def __init__(self, seed):
        self.s0 = (0xFFFFFFFF << 32) | (~seed & 0xFFFFFFFF)
        self.s1 = (seed & 0xFFFFFFFF) << 32
        for _ in range(64):
            self.next()

    def next(self):
        """A signed number of 32 bits."""
        low = (self.s0 + self.s1) & 0xFFFFFFFF
        s1 = self.s1 ^ self.s0
        self.s0 = rotate(self.s0, 24) ^ s1 ^ (s1 << 16 & MASK)
        self.s1 = rotate(s1, 37)
        return low - 2**32 if low >= 2**31 else low

    def below(self, size):
        top = 2**32 // size * size if size > 2 else 2**32
        while True:
            drawn = self.next() + 2**31
            if drawn < top:
                return drawn % size

    def seed(self):
        high, low = self.next() & (2**26 - 1), self.next() & (2**27 - 1)
        return int(Fraction(high * 2**27 + low, 2**53) * 2**32)


def allocate(counts, total):
    quotas = [Fraction(count * total, sum(counts)) for count in counts]
    shares = [int(quota) for quota in quotas]
    order = sorted(range(len(counts)), key=lambda i: (shares[i] - quotas[i], i))
    for i in order[: total - sum(shares)]:
        shares[i] += 1
    return shares


def draw(indices, labels, total, generator):
    members = [[i for i in indices if labels[i] == label] for label in range(max(labels) + 1)]
    chosen = []
    for items, share in zip(members, allocate([len(items) for items in members], total)):
        for last in range(len(items) - 1, 0, -1):
            other = generator.below(last + 1)
            items[last], items[other] = items[other], items[last]
        chosen += items[:share]
    return sorted(chosen)


train = [int(c) for c in "01020100120010210010"]
test = [int(c) for c in "01100110"]
for split_seed in (0, 1):
    seeds = Generator(split_seed)
    for_test, for_train, for_validation = (Generator(seeds.seed()) for _ in range(3))
    used = draw(range(20), train, 10, for_train)
    validation = draw(used, train, 2, for_validation)
    rest = [i for i in used if i not in validation]
    print(split_seed, rest, validation, draw(range(8), test, 4, for_test))

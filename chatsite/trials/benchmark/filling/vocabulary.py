"""A vocabulary: common words, and as many invented ones as a language has rare words."""

import random
from functools import cache
from itertools import accumulate
from pathlib import Path

COMMON = Path(__file__).with_suffix(".txt")
ONSETS = "b bl br c ch cl cr d dr f fl fr g gl gr h j k l m n p pl pr qu r s sc sh sk sl sm sn sp st str t th tr v w"
NUCLEI = "a e i o u ai ea ee io oa ou"
CODAS = "n r s t l m ck nd ng st rm x"
HOW_MANY = 120_000


@cache
def vocabulary() -> tuple[list[str], list[float]]:
    """Return the words, the most frequent first, and their cumulative weights by Zipf's law."""
    rng = random.Random(6)
    words = dict.fromkeys(COMMON.read_text().split())
    parts = [ONSETS.split(), NUCLEI.split(), ["", "", *CODAS.split()]]
    while len(words) < HOW_MANY:
        syllables = rng.choice([2, 2, 3, 3, 4])
        words["".join(rng.choice(part) for _ in range(syllables) for part in parts)] = None
    return list(words), list(accumulate(1 / (rank + 2) for rank in range(HOW_MANY)))

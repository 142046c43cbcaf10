"""Make tokenizer.json beside this file: texts with their token ids, as computed by Hugging Face's `tokenizers`.

    python tests/parity/tokenizer.py [--seed N] [--texts N] [--out FILE]

Needs `tokenizers` 0.23. The same arguments give the same file on the same version of Python, because the characters
come from Python's Unicode tables; the committed file was made with Python 3.11. crate/tests/tokenizer.rs compares the
engine with this file, and crate/src/tokenizer/split.rs compares the character classes.
"""

import argparse
import json
import os
import random
import unicodedata
from pathlib import Path

os.environ["TOKENIZERS_PARALLELISM"] = "false"

import tokenizers
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

HERE = Path(__file__).parent
SHIPPED = HERE / "../../www/public/model/tokenizer.json"

# The three split patterns of the published DeepSeek-V3 pre-tokenizer. The last one contains the characters CR and LF,
# not the escapes `\r` and `\n`.
DEEPSEEK_V3 = [
    r"\p{N}{1,3}",
    "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
    "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
]

CODE_POINTS = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
# Characters that Unicode or some regular-expression engines treat as whitespace, and some that only look like spaces.
SPACES = [" "] * 8 + list("\t\n\r\n\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u180e\u2000\u2007\u200a\u200b\u200d")
SPACES += list("\u2028\u2029\u202f\u205f\u2060\u3000\ufeff") + ["\r\n"]
CONTROLS = [chr(c) for c in [*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x200E, 0x202E, 0x2066, 0xFFF9, 0xE0001, 0xE000]]
EMOJI = "😀 👍🏽 👩‍👩‍👧‍👦 🏳️‍🌈 🇺🇦 ☕️ ❤️‍🔥 1️⃣ 🧑🏿‍🚀 👁️‍🗨️ ✈ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🫠".split(" ")
WORDS = """the The of and to in is it that was for on you he with as his they at be this have from or had by hot word
but what some we can out other were all there when up use your how said an each she which do their time if will way
about many then them write would like so these her long make thing see him two has look more day could go come did
number sound no most people my over know water than call first who may down side been now find naïve café über
straße ſhip Ǆ İstanbul ﬁne Οδυσσεύς Привет שלום عربي हिन्दी ไทย 日本語 カタカナ 한국어 中文 龥龦 〇々 ー""".split()
CONTRACTIONS = "'s 'S 't 'T 're 'RE 've 'Ve 'm 'M 'll 'LL 'd 'D ’s 'x 'l 'r 'v 'sd 'llm ''s 'ſ".split()
CODE = ["fn main() {\n\tprintln!(\"{}\", x);\n}\n", "for (int i=0;i<n;++i)\r\n    a[i] += 0x1F;\r\n", "<div class='a'>&amp;</div>",
        "def f(x):\n    return x**2  # ok\n\n\n", "SELECT * FROM t WHERE a='b';--", "a=b;c\\d|e`f`~g^h%i$j@k#l!", "\t\t\tx\t y \t\n",
        "https://example.org/a_b?c=%20d#e", "x_1->y.z::<T>(&mut self)?", "{\"k\":[1,2.50,-3e10,null]}", "...!!!\n\n???\r\n", "$x_{i,j}$"]
SPECIAL = ["<|bos|>", "<|eos|>", "<|bos|", "|bos|>", "<|bos |>", "<|BOS|>", "<<|bos|>>", "<|bos|><|eos|>", "<|", "|>", "<x>", "<y>",
           "< x>", "nn", "n<n", "  <z>", "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜end", "é a", "ÿþ", "Ġ", "Ċ"]
MARKS = [c for c in CODE_POINTS if unicodedata.category(c)[0] == "M"]
NUMBERS = [c for c in CODE_POINTS if unicodedata.category(c)[0] == "N"]
SYMBOLS = [c for c in CODE_POINTS if unicodedata.category(c)[0] in "PS"]


def scripts():
    """Letters, marks and digits, grouped by the first word of their Unicode names, which is mostly the script."""
    groups = {}
    for c in CODE_POINTS:
        if unicodedata.category(c)[0] in "LMN":
            groups.setdefault(unicodedata.name(c, "CJK").split()[0].split("-")[0], []).append(c)
    return list(groups.values())


def texts(rng, count):
    """`count` texts, with many characters that are rare in real texts and hard to tokenize."""
    groups = scripts()

    def some(items, most):
        return "".join(rng.choice(items) for _ in range(rng.randint(1, most)))

    def in_script(group):
        words = [some(group, 5) for _ in range(rng.randint(1, 4))]
        return some([" ", " ", "", "-", "\u3000"], 1).join(words) + some(["", ".", "،", "。", " ", "\n"], 1)

    fragments = [
        lambda: rng.choice(WORDS),
        lambda: " " + rng.choice(WORDS),
        lambda: rng.choice(WORDS) + rng.choice(CONTRACTIONS),
        lambda: rng.choice(WORDS).upper() + rng.choice(CONTRACTIONS),
        lambda: rng.choice(CONTRACTIONS),
        lambda: some(SPACES, 4),
        lambda: rng.choice(SPACES) * rng.randint(2, 9),
        lambda: some("0123456789", 7),
        lambda: some(NUMBERS, 4),
        lambda: rng.choice(CODE),
        lambda: some(EMOJI, 2),
        lambda: some(SPECIAL, 2),
        lambda: some(CONTROLS, 3),
        lambda: "e" + some(MARKS, 3),
        lambda: some(SYMBOLS, 3) + some(["", "\n", "\r\n\n", " "], 1),
        lambda: rng.choice("!-.(") * rng.randint(1, 5),
        lambda: some(CODE_POINTS, 4),
        lambda: some(CODE_POINTS[0x80:0x800], 4),
        lambda: in_script(rng.choice(groups)),
    ]
    made = ["", " ", "\n", "  ", " \n", "\n ", "a ", " a", "\u0000"] + [in_script(group) for group in groups]
    made += ["a" * 700, " " * 300, "ab" * 200, "the" * 150, "é" * 200, "😀" * 60, "\n" * 200, "1" * 100, "<|bos|>" * 40, "日" * 90]
    made += [" ".join(rng.choice(WORDS) for _ in range(40)), "".join(CODE), "".join(SPACES), "".join(SPECIAL)]
    while len(made) < count:
        made.append("".join(rng.choice(fragments)() for _ in range(rng.randint(1, 6))))
    return made[:count]


def id_lists(rng, tokenizer, some_texts, count):
    """Lists of ids that encoders rarely return: incomplete characters, random special tokens, ids that do not exist."""
    size = tokenizer.get_vocab_size()
    bytes_only = sorted(tokenizer.token_to_id(c) for c in pre_tokenizers.ByteLevel.alphabet())
    made = [[], [size], [size + 7, 4294967294]]
    while len(made) < count:
        kind = rng.randrange(4)
        ids = tokenizer.encode(rng.choice(some_texts), add_special_tokens=False).ids[:30]
        if kind == 0:
            ids = [rng.randrange(size + 2) for _ in range(rng.randint(1, 12))]
        elif kind == 1:
            ids = [rng.choice(bytes_only) for _ in range(rng.randint(1, 12))]
        elif kind == 2:
            ids = [i for i in ids if rng.random() < 0.8]
        else:
            at = rng.randint(0, len(ids))
            ids = ids[at:] + [rng.choice(bytes_only)] + ids[:at]
        made.append(ids)
    return made


def trained(pre_tokenizer, on):
    """The content of a tokenizer.json with merges in the scripts of the texts: a wrong split then changes the tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    trainer = trainers.BpeTrainer(vocab_size=1300, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False)
    tokenizer.train_from_iterator(on, trainer)
    file = json.loads(tokenizer.to_str())
    file["decoder"] = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
    return file


def add_tokens(file, tokens):
    vocab = file["model"]["vocab"]
    next_id = len(vocab)
    for content, flags in tokens:
        token = dict(content=content, single_word=False, lstrip=False, rstrip=False, normalized=False, special=False)
        token["id"] = vocab.get(content, next_id)
        next_id += content not in vocab
        file["added_tokens"].append(token | flags)


def template(file, *names):
    """A post-processor that puts special tokens around the text. In `names`, "A" is the text."""
    ids = {token["content"]: token["id"] for token in file["added_tokens"]}
    pieces = [{"Sequence": {"id": "A", "type_id": 0}} if n == "A" else {"SpecialToken": {"id": n, "type_id": 0}} for n in names]
    tokens = {n: {"id": n, "ids": [ids[n]], "tokens": [n]} for n in names if n != "A"}
    pair = pieces + [{"Sequence": {"id": "B", "type_id": 1}}]
    return {"type": "TemplateProcessing", "single": pieces, "pair": pair, "special_tokens": tokens}


def gpt2_like(on):
    """GPT-2's pre-tokenizer with features that the shipped file does not use: a space added before the text,
    tokens that strip the spaces beside them, merges in the old format."""
    file = trained(pre_tokenizers.ByteLevel(add_prefix_space=True, use_regex=True), on)
    special = {"special": True}
    add_tokens(file, [("<|bos|>", special), ("<|eos|>", special), ("<x>", {"lstrip": True}), ("<y>", {"rstrip": True}),
                      ("nn", {"normalized": True}), ("n<n", {}), ("  <z>", {}), ("é a", {}), ("ÿþ", {}), ("</s>", special)])
    byte_level = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True}
    steps = [byte_level, template(file, "<|bos|>", "A", "</s>", "<|eos|>")]
    file["post_processor"] = {"type": "Sequence", "processors": steps}
    file["model"]["merges"] = ["#version: 0.2"] + [" ".join(pair) for pair in file["model"]["merges"]]
    return file


def deepseek_like(on):
    """DeepSeek-V3's pre-tokenizer and special tokens, and `ignore_merges`."""
    splits = [pre_tokenizers.Split(Regex(regex), "isolated") for regex in DEEPSEEK_V3]
    steps = pre_tokenizers.Sequence([*splits, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    file = trained(steps, on)
    add_tokens(file, [("<｜begin▁of▁sentence｜>", {"special": True}), ("<｜end▁of▁sentence｜>", {"special": True})])
    file["normalizer"] = {"type": "Sequence", "normalizers": []}
    file["post_processor"] = template(file, "<｜begin▁of▁sentence｜>", "A")
    # With some early merges deleted, some tokens can be found only with `ignore_merges`.
    del file["model"]["merges"][5:60:3]
    file["model"]["ignore_merges"] = True
    return file


def suite(rng, name, file, its_texts):
    tokenizer = Tokenizer.from_str(json.dumps(file))
    encode = [[text, tokenizer.encode(text, add_special_tokens=False).ids] for text in its_texts]
    with_special = [[text, tokenizer.encode(text).ids] for text in its_texts[:40]]
    lists = id_lists(rng, tokenizer, its_texts, len(its_texts) // 4)
    decode = [[ids, tokenizer.decode(ids, skip_special_tokens=False)] for ids in lists]
    return {"name": name, "encode": encode, "encode_with_special_tokens": with_special, "decode": decode}


def classes():
    """For each character class: how many Unicode characters it has, and the sum of their code points."""
    found = {}
    for regex in [r"\s", r"\p{L}", r"\p{M}", r"\p{N}", r"\p{P}", r"\p{S}"]:
        split = pre_tokenizers.Split(Regex(regex), "removed")
        members = [ord(c) for c in CODE_POINTS if not split.pre_tokenize_str(c)]
        found[regex] = [len(members), sum(members)]
    return found


def spread(value):
    """JSON with one entry of an object or one case of a list per line, so that diffs are readable."""
    if isinstance(value, dict) and value:
        return "{\n" + ",\n".join(f"{json.dumps(key)}:{spread(item)}" for key, item in value.items()) + "\n}"
    if isinstance(value, list) and value and isinstance(value[0], (dict, list)):
        return "[\n" + ",\n".join(spread(item) if isinstance(item, dict) else compact(item) for item in value) + "\n]"
    return compact(value)


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--texts", type=int, default=2000)
    arguments.add_argument("--out", type=Path, default=HERE / "tokenizer.json")
    arguments = arguments.parse_args()
    rng = random.Random(arguments.seed)
    all_texts = texts(rng, arguments.texts)
    few_texts = all_texts[:300] + rng.sample(all_texts[300:], len(all_texts) // 10)
    files = {"gpt2-like": gpt2_like(all_texts), "deepseek-v3-like": deepseek_like(all_texts)}
    suites = [suite(rng, "shipped", json.loads(SHIPPED.read_text()), all_texts)]
    suites += [suite(rng, name, file, few_texts) for name, file in files.items()]
    fixture = {
        "made by": f"tests/parity/tokenizer.py with tokenizers {tokenizers.__version__}",
        "classes": classes(),
        "suites": suites,
        "files": files,
    }
    arguments.out.write_text(spread(fixture) + "\n")


if __name__ == "__main__":
    main()

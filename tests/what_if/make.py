"""Make the what-if fixtures: what transformers computes for two checkpoints of tests/parity if an intervention is
made in the checkpoint's weights, or in the settings or the code of transformers.

    python tests/what_if/make.py        (the packages: ../parity/requirements.txt; what is in the files: README.md)

Every intervention is made in a different way than in the engine: weights are set to zero, biases are changed, the
router is replaced by a second one in float64 numpy, or the settings of transformers' router are changed; the cache is
changed where transformers updates it. No expectation depends on a tie: a prompt is skipped if a difference of less than
a margin decides its routing, group choice or rounding.
"""
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers.cache_utils import DynamicLayer

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "parity"))
import make as parity  # noqa: E402

LENGTH = 24
MARGIN = 1e-5   # smallest allowed margin of a choice; float32 changes scores by less than 1e-6
ROUNDING = 5e-4  # smallest allowed distance between 0.5 and the fractional part of a value that is rounded to a code


class Run:
    """A model that can be run with another router, or with changed weights, router settings or cache."""

    def __init__(self, name):
        folder = HERE.parent / "parity" / name
        self.name, self.config = name, json.loads((folder / "config.json").read_text())
        block = self.config.get("quantization_config", {}).get("weight_block_size")
        self.weights = parity.dequantise(load_file(folder / "model.safetensors"), block)
        self.moe = list(range(self.config["first_k_dense_replace"], self.config["num_hidden_layers"]))

    def run(self, prompt, weights=None, settings=None, gate=None, cache=None):
        """-> logits, and routes: for each layer and position, pairs of expert id and weight. `gate(layer, logits)`
        replaces the router and returns the ids and weights of one position; `cache(layer, latent, rope key)` returns
        the values to store."""
        model = parity.load(self.config, self.weights | (weights or {}))
        routes = {}
        for i in self.moe:
            module = model.model.layers[i].mlp.gate
            for key, value in (settings or {}).items():
                setattr(module, key, value)
            module.register_forward_hook(self.hook(i, gate, routes))
        original = DynamicLayer.update
        try:
            if cache:
                layers = {}
                DynamicLayer.update = lambda layer, key, value, *a, **k: original(
                    layer, *cache(layers.setdefault(id(layer), len(layers)), key, value), *a, **k)
            with torch.no_grad():
                out = model(torch.tensor([prompt]), use_cache=True)
        finally:
            DynamicLayer.update = original
        self.latents = [layer.keys[0, 0] for layer in out.past_key_values.layers]
        return out.logits[0], routes

    def hook(self, layer, gate, routes):
        def changed(_module, _input, out):
            logits, w, ids = out
            if gate:
                rows = [gate(layer, z) for z in logits.double().numpy()]
                k = max(1, max(len(row) for row, _ in rows))
                # The id after that of the last expert means no expert: transformers skips it.
                ids = torch.full((len(rows), k), logits.shape[-1])
                w = torch.zeros(len(rows), k)
                for t, (row, values) in enumerate(rows):
                    ids[t, :len(row)], w[t, :len(row)] = torch.tensor(row).long(), torch.tensor(values).float()
            routes[layer] = [[(int(e), float(v)) for e, v in zip(es, vs) if e < logits.shape[-1]] for es, vs in zip(ids, w)]
            return logits, w, ids
        return changed

    def bias(self, layer):
        return f"model.layers.{layer}.mlp.gate.e_score_correction_bias"

    def gate(self, off=(), forced=(), k=None, keep=None, margins=None):
        """A second router in float64, written from the description. `off` and `forced` are lists of (layer, expert)."""
        c, k = self.config, k or self.config["num_experts_per_tok"]
        keep, groups = keep or c["topk_group"], c["n_group"]

        def choose(layer, z):
            score = 1 / (1 + np.exp(-z))
            choice = score + self.weights[self.bias(layer)].double().numpy()
            members = np.arange(len(z)).reshape(groups, -1)
            left = [[e for e in group if (layer, e) not in off] for group in members]
            worth = [sum(sorted((choice[e] for e in group), reverse=True)[:2]) for group in left]
            order = sorted((g for g in range(groups) if left[g]), key=lambda g: -worth[g])
            if margins is not None and len(order) > keep:
                margins.append(worth[order[keep - 1]] - worth[order[keep]])
            first = [e for (at, e) in forced if at == layer]
            rest = sorted((e for g in order[:keep] for e in left[g] if e not in first), key=lambda e: -choice[e])
            free = k - len(first)
            if margins is not None and 0 < free < len(rest):
                margins.append(choice[rest[free - 1]] - choice[rest[free]])
            ids = sorted(first + rest[:free], key=lambda e: -score[e])
            if not ids:
                return [], []
            w = score[ids]
            if margins is not None:
                margins.extend(w[:-1] - w[1:])
            if c["norm_topk_prob"]:
                w = w / (w.sum() + 1e-20)
            return [int(e) for e in ids], list(w * c["routed_scaling_factor"])
        return choose


def quantise(x, levels, margins):
    """-> the values rounded to code * scale: codes from -levels to levels, one scale per token. Halves round to even."""
    scale = x.abs().amax(-1, keepdim=True) / levels
    code = x / scale
    margins.append(((code - code.floor()) - 0.5).abs().min().item())
    return torch.round(code).clamp(-levels, levels) * scale


def half(x):
    return x.to(torch.float16).to(torch.float32)


def cases(run, prompt):
    """Yield for every intervention: (settings, logits, routes, margins of choices, margins of rounding)."""
    c = run.config
    experts, k, last = c["n_routed_experts"], c["num_experts_per_tok"], run.moe[-1]
    per_group = experts // c["n_group"]
    plain_logits, plain_routes = run.run(prompt)
    latents = run.latents
    place = lambda layer, expert: dict(layer=layer, expert=expert)

    def by_gate(settings, **change):
        margins = []
        logits, routes = run.run(prompt, gate=run.gate(margins=margins, **change))
        return settings, logits, routes, margins, []

    def by_module(settings, weights=None, **settings_of_module):
        logits, routes = run.run(prompt, weights, settings_of_module)
        return settings, logits, routes, [], []

    def by_cache(settings, keep):
        rounding = []
        logits, routes = run.run(prompt, cache=lambda i, key, rope: keep(i, key, rope, rounding))
        return settings, logits, routes, [], rounding

    # Experts off or forced. In the first case the expert that the last layer uses most is off, by a bias of minus
    # infinity. The other cases use the router of `gate`.
    used = max(range(experts), key=lambda e: sum(e == id for row in plain_routes[last] for id, _ in row))
    weight = run.weights[run.bias(last)].clone()
    weight[used] = -torch.inf
    yield by_module(dict(experts_off=[place(last, used)]), {run.bias(last): weight})
    off = [(last, e) for e in range(experts) if e % per_group > 1]
    yield by_gate(dict(experts_off=[place(*at) for at in off]), off=off)
    off = [(i, e) for i in run.moe for e in range(experts) if e % per_group or e == 0]
    yield by_gate(dict(experts_off=[place(*at) for at in off]), off=off)
    off = [(last, e) for e in range(experts)]
    yield by_gate(dict(experts_off=[place(*at) for at in off]), off=off)
    forced = [(last, 0), (last, experts - 1)]
    yield by_gate(dict(experts_forced=[place(*at) for at in forced]), forced=forced)
    off = [(last, 1), (last, used if used not in (0, experts - 1) else 2)]
    yield by_gate(dict(experts_off=[place(*at) for at in off], experts_forced=[place(*forced[0])], num_experts_per_tok=k - 1),
                  off=off, forced=forced[:1], k=k - 1)
    # The numbers of chosen experts and groups, by the settings of transformers' router.
    yield by_module(dict(num_experts_per_tok=1), top_k=1)
    yield by_module(dict(num_experts_per_tok=k - 1), top_k=k - 1)
    yield by_module(dict(num_experts_per_tok=experts), top_k=experts, topk_group=c["n_group"])
    yield by_module(dict(topk_group=c["n_group"]), topk_group=c["n_group"])
    yield by_module(dict(topk_group=1), topk_group=1)
    # The selection bias, by changed weights.
    yield by_module(dict(selection_bias=False), {run.bias(i): 0 * run.weights[run.bias(i)] for i in run.moe})
    weight = run.weights[run.bias(last)].clone()
    weight[3] += 0.5
    weight[used] -= 0.25
    yield by_module(dict(bias_shifts=[place(last, 3) | dict(by=0.5), place(last, used) | dict(by=-0.25)]), {run.bias(last): weight})
    # Without the shared expert or without the routed ones, by networks whose output is zero.
    nothing = lambda part: {n: 0 * w for n, w in run.weights.items() if part in n and "down_proj" in n}
    yield by_module(dict(mixture="without_shared"), nothing(".shared_experts."))
    settings, logits, _, *margins = by_module(dict(mixture="only_shared"), nothing(".mlp.experts."))
    yield settings, logits, {i: [[] for _ in prompt] for i in run.moe}, *margins
    # The format and the rank of the cache, by storing other values in transformers' cache.
    yield by_cache(dict(cache_format="f16"), lambda i, key, rope, _: (half(key), half(rope)))
    yield by_cache(dict(cache_format="int8"), lambda i, key, rope, m: (quantise(key, 127, m), half(rope)))
    yield by_cache(dict(cache_format="int4"), lambda i, key, rope, m: (quantise(key, 7, m), half(rope)))
    for rank, levels in ((1, None), (5, None), (8, 7)):
        axes = []
        for latent in latents:
            x = latent.double().numpy()
            axes.append(torch.from_numpy(np.linalg.svd(x, full_matrices=False)[2][:rank]).float())

        def keep(i, key, rope, margins):
            along = key @ axes[i].T
            if levels:
                along, rope = quantise(along, levels, margins), half(rope)
            return along @ axes[i], rope
        yield by_cache(dict(latent_rank=rank) | (dict(cache_format="int4") if levels else {}), keep)


def fixture(name):
    run = Run(name)
    for seed in range(400):
        prompt = np.random.default_rng(seed).integers(run.config["vocab_size"], size=LENGTH).tolist()
        margins, rounding, tensors, settings = [], [], {}, []
        for number, (setting, logits, routes, choices, codes) in enumerate(cases(run, prompt)):
            assert logits.isfinite().all()
            margins += choices
            rounding += codes
            settings.append(setting)
            tensors[f"{number}.logits"] = logits.contiguous()
            for layer, rows in routes.items():
                k = max(len(row) for row in rows)
                ids, w = np.full((len(rows), k), -1, np.int32), np.zeros((len(rows), k), np.float32)
                for t, row in enumerate(rows):
                    row = sorted(row, key=lambda pair: -pair[1])
                    ids[t, :len(row)], w[t, :len(row)] = [e for e, _ in row], [v for _, v in row]
                    # Rows are sorted by weight: neighbouring weights must differ, also if transformers' router chose.
                    margins += [a[1] - b[1] for a, b in zip(row, row[1:])]
                tensors[f"{number}.experts.{layer}"] = torch.from_numpy(ids)
                tensors[f"{number}.weights.{layer}"] = torch.from_numpy(w)
        if min(margins) > MARGIN and min(rounding) > ROUNDING:
            break
    else:
        raise RuntimeError(f"{name}: no prompt will do")
    tensors["ids"] = torch.tensor(prompt, dtype=torch.int32)
    note = f"transformers {transformers.__version__}, float32, eager; prompt {seed}, smallest margin {min(margins):.1e}, of rounding {min(rounding):.1e}"
    save_file(tensors, HERE / f"{name}.safetensors", metadata={"made": note})
    (HERE / f"{name}.json").write_text("[\n" + ",\n".join(json.dumps(s) for s in settings) + "\n]\n")
    print(name, note, flush=True)


if __name__ == "__main__":
    warnings.filterwarnings("ignore", "Initializing zero-element tensors")
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    for name in ("v3-groups-4", "v3-no-dense"):
        fixture(name)

"""Make the parity fixtures: tiny checkpoints in Hugging Face's layout, and what transformers computes for each.

    python tests/parity/make.py [NAME ...]        (the packages: requirements.txt; what is in the files: README.md)

Every checkpoint differs from the others in something that an engine could get wrong. For many checkpoints the script
proves that this difference matters: with another value in the config (`unlike`), transformers computes different
logits; with a known mistake, the router chooses different experts. No expectation depends on a tie: a seed is skipped
if a difference of less than MARGIN decides its routing, order of weights or greedy choice. transformers runs in float32
on the stored weights.
"""
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import torch
import transformers
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

HERE = Path(__file__).resolve().parent
SHIPPED = HERE.parents[1] / "www/public/model"
MARGIN = 1e-4          # smallest allowed distance between a chosen value and the best value that is not chosen
MARGIN_SHIPPED = 2e-5  # for the shipped model: no seed can be skipped; float32 changes its scores by less than 1e-6
STEPS = 64             # greedy tokens after the prompt
ABSENT = ...           # a field with this value is left out of config.json, so that its default is tested

V3 = dict(
    architectures=["DeepseekV3ForCausalLM"], model_type="deepseek_v3", torch_dtype="bfloat16", vocab_size=68, hidden_size=28,
    intermediate_size=36, moe_intermediate_size=10, num_hidden_layers=2, first_k_dense_replace=1, hidden_act="silu",
    num_attention_heads=4, num_key_value_heads=4, q_lora_rank=14, kv_lora_rank=12, qk_nope_head_dim=6, qk_rope_head_dim=8,
    v_head_dim=9, attention_bias=False, n_routed_experts=8, n_shared_experts=1, num_experts_per_tok=3, n_group=2, topk_group=1,
    norm_topk_prob=True, routed_scaling_factor=2.5, scoring_func="sigmoid", topk_method="noaux_tc", rms_norm_eps=1e-6,
    max_position_embeddings=128, rope_theta=10000.0, rope_scaling=None, tie_word_embeddings=False, bos_token_id=0, eos_token_id=1,
)
V2 = V3 | dict(
    architectures=["DeepseekV2ForCausalLM"], model_type="deepseek_v2", n_shared_experts=2, norm_topk_prob=False,
    routed_scaling_factor=1.0, scoring_func="softmax", topk_method="greedy", n_group=1, topk_group=1,
)
YARN = dict(type="yarn", factor=40, original_max_position_embeddings=4096, beta_fast=32, beta_slow=1)


# ---- a checkpoint of random weights ----------------------------------------------------------------------------------------------

def random_weights(c, rng, tune):
    """Float32 tensors by their names in the checkpoint. `tune` maps a part of a name to a factor or a function, which
    changes all tensors whose names contain this part."""
    w, h, heads = {}, c["hidden_size"], c["num_attention_heads"]
    nope, rope, v, latent = c["qk_nope_head_dim"], c["qk_rope_head_dim"], c["v_head_dim"], c["kv_lora_rank"]

    def put(name, *shape, mean=0.0, std=1.0):
        t = mean + std * rng.standard_normal(shape)
        for key, f in tune.items():
            if key in name:
                t = f(t) if callable(f) else t * f
        w[name] = torch.from_numpy(t.astype(np.float32))

    def norm(name, n):
        put(f"{name}.weight", n, mean=1.0, std=0.2)

    def linear(name, rows, cols, gain=1.0, bias=False):
        put(f"{name}.weight", rows, cols, std=gain / cols**0.5)
        if bias:
            put(f"{name}.bias", rows, std=0.5)

    def mlp(name, width):
        linear(f"{name}.gate_proj", width, h, 1.5)
        linear(f"{name}.up_proj", width, h)
        linear(f"{name}.down_proj", h, width)

    def layer(p, dense):
        a, q_rows, biased = f"{p}.self_attn", heads * (nope + rope), c["attention_bias"]
        norm(f"{p}.input_layernorm", h)
        if c["q_lora_rank"]:
            linear(f"{a}.q_a_proj", c["q_lora_rank"], h, bias=biased)
            norm(f"{a}.q_a_layernorm", c["q_lora_rank"])
            linear(f"{a}.q_b_proj", q_rows, c["q_lora_rank"], 1.5)
        else:
            linear(f"{a}.q_proj", q_rows, h, 1.5)
        linear(f"{a}.kv_a_proj_with_mqa", latent + rope, h, bias=biased)
        norm(f"{a}.kv_a_layernorm", latent)
        linear(f"{a}.kv_b_proj", heads * (nope + v), latent)
        linear(f"{a}.o_proj", h, heads * v, 1.5, bias=biased)
        norm(f"{p}.post_attention_layernorm", h)
        if dense:
            return mlp(f"{p}.mlp", c["intermediate_size"])
        linear(f"{p}.mlp.gate", c["n_routed_experts"], h, 1.5)
        if c["model_type"] == "deepseek_v3":
            put(f"{p}.mlp.gate.e_score_correction_bias", c["n_routed_experts"], std=0.2)
        for e in range(c["n_routed_experts"]):
            mlp(f"{p}.mlp.experts.{e}", c["moe_intermediate_size"])
        if c["n_shared_experts"]:
            mlp(f"{p}.mlp.shared_experts", c["moe_intermediate_size"] * c["n_shared_experts"])

    put("model.embed_tokens.weight", c["vocab_size"], h)
    for i in range(c["num_hidden_layers"]):
        layer(f"model.layers.{i}", dense=i < c["first_k_dense_replace"])
    norm("model.norm", h)
    if not c["tie_word_embeddings"]:
        linear("lm_head", c["vocab_size"], h, 2.5)
    for i in range(c.get("num_nextn_predict_layers", 0)):      # multi-token prediction, which engines must ignore
        p = f"model.layers.{c['num_hidden_layers'] + i}"
        put(f"{p}.embed_tokens.weight", c["vocab_size"], h)
        norm(f"{p}.enorm", h)
        norm(f"{p}.hnorm", h)
        linear(f"{p}.eh_proj", h, 2 * h)
        layer(p, dense=False)
        norm(f"{p}.shared_head.norm", h)
        linear(f"{p}.shared_head.head", c["vocab_size"], h)
    return w


def store(weights, dtype, block):
    """The tensors as stored in the file. A `block` means DeepSeek's FP8 layout: all Linear weights except those of the
    router and the head are F8_E4M3, with one float32 `weight_scale_inv` per block; value = fp8 * scale."""
    out = {}
    for name, w in weights.items():
        if block and "proj" in name:
            out[name], out[f"{name}_scale_inv"] = quantise(w, *block)
        else:
            out[name] = w if "e_score_correction_bias" in name else w.to(dtype)
    return out


def quantise(w, rows, cols):
    s = torch.stack([torch.stack([b.abs().max() / 448.0 for b in band.split(cols, 1)]) for band in w.split(rows, 0)])
    return (w / spread(s, w, rows, cols)).to(torch.float8_e4m3fn), s


def spread(s, w, rows, cols):
    """Expand one scale per block to one scale per weight. The last blocks may be smaller."""
    return s.repeat_interleave(rows, 0)[:w.shape[0]].repeat_interleave(cols, 1)[:, :w.shape[1]]


def dequantise(stored, block):
    out = {n: w.float() for n, w in stored.items() if not n.endswith("_scale_inv")}
    for n, s in stored.items():
        if n.endswith("_scale_inv"):
            n = n.removesuffix("_scale_inv")
            out[n] *= spread(s, out[n], *block)
    return out


# ---- what transformers computes --------------------------------------------------------------------------------------------------

def load(config, weights):
    c = {k: v for k, v in config.items() if k not in ("architectures", "quantization_config", "torch_dtype")}
    cls = getattr(transformers, config["architectures"][0])
    model, info = cls.from_pretrained(
        None, config=cls.config_class(**json.loads(json.dumps(c))), state_dict=dict(weights), dtype=torch.float32,
        attn_implementation="eager", experts_implementation="eager", output_loading_info=True)
    missing = [n for n in info["missing_keys"] if ".shared_experts." not in n or c["n_shared_experts"] != 0]
    extra = [n for n in info["unexpected_keys"] if not n.startswith(f"model.layers.{c['num_hidden_layers']}.")]
    assert not missing and not extra and not info["mismatched_keys"], (missing, extra, info["mismatched_keys"])
    return model.eval()


@torch.no_grad()
def run(model, prompt, steps):
    """Run the whole prompt, then `steps` greedy tokens one by one. -> logits of every position, greedy tokens, router
    outputs by layer, caches of the last token of the prompt."""
    gates = {i: [] for i, layer in enumerate(model.model.layers) if hasattr(layer.mlp, "gate")}
    hooks = [model.model.layers[i].mlp.gate.register_forward_hook(lambda _m, _i, out, i=i: gates[i].append(out)) for i in gates]
    out = model(torch.tensor([prompt]), use_cache=True)
    caches = {}
    for i, layer in enumerate(out.past_key_values.layers):      # the latent is stored as `keys`, the RoPE key as `values`
        caches[f"latent.{i}"], caches[f"rope_key.{i}"] = layer.keys[0, 0, -1].clone(), layer.values[0, 0, -1].clone()
    logits, greedy = [out.logits[0]], []
    for _ in range(steps):
        greedy.append(int(logits[-1][-1].argmax()))
        out = model(torch.tensor([greedy[-1:]]), use_cache=True, past_key_values=out.past_key_values)
        logits.append(out.logits[0])
    for hook in hooks:
        hook.remove()
    gates = {i: [torch.cat(t) for t in zip(*calls)] for i, calls in gates.items()}
    return torch.cat(logits), greedy, gates, caches


def route(c, logits, bias, best=None, masked=-np.inf):
    """The router, computed again in float64. -> expert ids and weights, sorted by weight, largest first, and the margin
    of each position's choice. A group's score is the sum of its `best` highest choice scores (default: 2 in V3, 1 in
    V2); experts of ruled-out groups get the choice score `masked`. Other values of these two are common mistakes."""
    v3, k, z = c["model_type"] == "deepseek_v3", c["num_experts_per_tok"], logits.double().numpy()
    e = np.exp(z - z.max(-1, keepdims=True))
    score = 1 / (1 + np.exp(-z)) if v3 else e / e.sum(-1, keepdims=True)
    choice, margin = score + bias, np.full(len(z), np.inf)
    groups, keep = (c["n_group"], c["topk_group"]) if v3 or c["topk_method"] == "group_limited_greedy" else (1, 1)
    if keep < groups:
        by_group = choice.reshape(len(z), groups, -1)
        value = np.sort(by_group, -1)[..., -(best or (2 if v3 else 1)):].sum(-1)
        rank = np.sort(value, -1)
        margin = rank[:, -keep] - rank[:, -keep - 1]
        choice = np.where((value >= rank[:, -keep, None])[..., None], by_group, masked).reshape(z.shape)
    rank = np.sort(choice, -1)
    if k < z.shape[-1]:
        margin = np.minimum(margin, rank[:, -k] - rank[:, -k - 1])
    ids = np.argsort(-choice, -1, kind="stable")[:, :k]
    weights = np.take_along_axis(score, ids, -1)
    if v3 and c["norm_topk_prob"]:
        weights /= weights.sum(-1, keepdims=True) + 1e-20
    order = np.argsort(-weights, -1)
    return np.take_along_axis(ids, order, -1), np.take_along_axis(weights, order, -1) * c["routed_scaling_factor"], margin


def expect(config, model, prompt):
    """-> the expected tensors, and the smallest margin that they depend on."""
    n, (logits, greedy, gates, caches) = len(prompt), run(model, prompt, STEPS)
    top = logits[n - 1:-1].topk(2).values
    margin = (top[:, 0] - top[:, 1]).min().item()
    out = dict(ids=torch.tensor(prompt, dtype=torch.int32), logits=logits[:n], greedy=torch.tensor(greedy, dtype=torch.int32)) | caches
    for i, (z, weights, ids) in gates.items():
        bias = getattr(model.model.layers[i].mlp.gate, "e_score_correction_bias", torch.zeros(z.shape[-1])).double().numpy()
        order = weights.argsort(-1, descending=True)
        weights, ids = weights.gather(-1, order), ids.gather(-1, order)
        gaps = (weights[:n, :-1] - weights[:n, 1:]).flatten().tolist()
        own_ids, own_weights, margins = route(config, z, bias)
        margin = min([margin, margins.min(), *gaps])
        if margin > MARGIN:
            assert np.array_equal(own_ids[:n], ids[:n]) and np.array_equal(np.sort(own_ids), ids.sort()[0]), "transformers routes otherwise"
            assert np.allclose(own_weights[:n], weights[:n], rtol=1e-4, atol=0), "transformers weighs otherwise"
        assert all(len(set(row)) == config["num_experts_per_tok"] for row in ids.tolist())
        out |= {f"experts.{i}": ids[:n].int(), f"weights.{i}": weights[:n], f"router_logits.{i}": z[:n]}
    return {k: v.contiguous() for k, v in out.items()}, margin


# ---- fixtures --------------------------------------------------------------------------------------------------------------------

def fixture(name, base=V3, *, dtype="bfloat16", block=None, prompt=24, tune={}, unlike=(), accept=lambda _: True, **fields):
    """Write one checkpoint and its expectations. `tune`: see random_weights; `unlike`: changes of the config that must
    change the logits; `accept`: a further condition on the expectations."""
    if not wanted(name):
        return
    full = base | dict(torch_dtype=dtype) | fields
    if block:
        full["quantization_config"] = dict(activation_scheme="dynamic", fmt="e4m3", quant_method="fp8", weight_block_size=block)
    written = {k: v for k, v in full.items() if v is not ABSENT}
    # For the fields that are left out, this script uses the defaults of transformers' config class.
    defaults = getattr(transformers, full["architectures"][0]).config_class()
    c = full | {k: getattr(defaults, k, None) for k, v in full.items() if v is ABSENT}
    for seed in range(1000):
        rng = np.random.default_rng(seed)
        stored = store(random_weights(c, rng, tune), getattr(torch, dtype), block)
        weights = dequantise(stored, block)
        ids = rng.integers(c["vocab_size"], size=prompt).tolist()
        model = load(written, weights)
        expected, margin = expect(c, model, ids)
        if margin > MARGIN and len(expected["greedy"].unique()) > 3 and accept(expected):
            break
    else:
        raise RuntimeError(f"{name}: no seed will do")
    bites(c, written, weights, model, expected, unlike)
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(written, indent=2) + "\n")
    save_file(stored, folder / "model.safetensors", metadata={"format": "pt"})
    save_expected(folder, expected, f"seed {seed}, smallest margin {margin:.1e}")


def wanted(name):
    return name in sys.argv[1:] or not sys.argv[1:]


def save_expected(folder, tensors, note):
    note = f"transformers {transformers.__version__}, float32, eager; {note}"
    save_file(tensors, folder / "expected.safetensors", metadata={"made": note})
    size = sum(f.stat().st_size for f in folder.iterdir())
    print(f"{folder.name:20} {size / 1000:6.0f} kB  {note}", flush=True)


def bites(c, written, weights, model, expected, unlike):
    """Prove that the fixture detects a wrong config and a wrong router."""
    ids, logits = expected["ids"][None].long(), expected["logits"]
    assert logits.isfinite().all() and logits.std() > 0.5

    def must_differ(other, what):
        with torch.no_grad():
            moved = (other(ids).logits[0] - logits).abs().max()
        assert moved > 0.02, f"{what} changes the logits by only {moved}"

    for change in unlike:
        must_differ(load({k: v for k, v in (written | change).items() if v is not ABSENT}, weights), change)
    if c["rms_norm_eps"] != 1e-6:                               # the epsilon of the latents' norms is always 1e-6
        for layer in model.model.layers:
            layer.self_attn.q_a_layernorm.variance_epsilon = layer.self_attn.kv_a_layernorm.variance_epsilon = c["rms_norm_eps"]
        must_differ(model, "the latents' epsilon")
    if c["model_type"] != "deepseek_v3" or c["first_k_dense_replace"] == c["num_hidden_layers"]:
        return
    wrong = dict(no_bias=0, group_by_max=0, masked_by_zero=0)   # per mistake, the number of positions with other experts
    for i in range(c["first_k_dense_replace"], c["num_hidden_layers"]):
        z, right = expected[f"router_logits.{i}"], np.sort(expected[f"experts.{i}"])
        bias = weights[f"model.layers.{i}.mlp.gate.e_score_correction_bias"].double().numpy()
        assert (bias != 0).all()
        for key, kind in dict(no_bias=dict(bias=0.0), group_by_max=dict(best=1), masked_by_zero=dict(masked=0.0)).items():
            wrong[key] += (np.sort(route(c, z, **(dict(bias=bias) | kind))[0]) != right).any(-1).sum()
    assert wrong["no_bias"] > 0
    assert wrong["group_by_max"] > 0 or c["n_group"] == c["topk_group"]
    assert wrong["masked_by_zero"] > 0 or bias.max() > 0


def tiny_checkpoints():
    # Sizes, the queries' low rank, dense layers, the tied head, attention biases, and the norms' epsilon.
    fixture("v3-odd-sizes", hidden_size=37, intermediate_size=51, moe_intermediate_size=13, num_attention_heads=3, num_key_value_heads=3,
            vocab_size=71, q_lora_rank=19, kv_lora_rank=13, qk_nope_head_dim=5, qk_rope_head_dim=6, v_head_dim=7, n_routed_experts=9,
            n_group=3, topk_group=2)
    fixture("v3-no-q-lora", q_lora_rank=None)
    fixture("v3-no-dense", first_k_dense_replace=0)
    fixture("v3-all-dense", first_k_dense_replace=2)
    fixture("v3-tied-head", tie_word_embeddings=True, tune={"embed_tokens": 0.3})
    fixture("v3-attention-bias", attention_bias=True)
    fixture("v3-eps", rms_norm_eps=1e-5, tune={"embed_tokens": 0.005, "q_a_proj": 0.01, "kv_a_proj": 0.01},
            unlike=[dict(rms_norm_eps=1e-6)])
    # All optional fields are absent (in V2 all but num_experts_per_tok), so that transformers' defaults apply.
    optional = ("n_group", "topk_group", "num_experts_per_tok", "first_k_dense_replace", "n_shared_experts", "norm_topk_prob", "hidden_act",
                "routed_scaling_factor", "scoring_func", "topk_method", "rms_norm_eps", "max_position_embeddings", "rope_theta",
                "rope_scaling", "tie_word_embeddings", "attention_bias", "torch_dtype", "bos_token_id", "eos_token_id")
    fixture("v3-defaults", num_hidden_layers=4, n_routed_experts=32, moe_intermediate_size=5, **dict.fromkeys(optional, ABSENT))
    fixture("v2-defaults", V2, **dict.fromkeys(set(optional) - {"num_experts_per_tok"}, ABSENT))

    # The router and the experts. `bites` proves for V3 that the router's biases and groups matter.
    fixture("v3-groups-4", dtype="float32", hidden_size=32, moe_intermediate_size=8, n_routed_experts=16, n_group=4, topk_group=2,
            num_experts_per_tok=4, unlike=[dict(n_group=2), dict(routed_scaling_factor=1.0)])
    fixture("v3-groups-1", n_group=1, n_routed_experts=7, num_experts_per_tok=2)
    fixture("v3-unnormalised", norm_topk_prob=False, unlike=[dict(norm_topk_prob=True)])
    # Every choice score is below zero: a ruled-out group that is masked with 0 instead of -inf would win.
    fixture("v3-negative-bias", n_group=4, topk_group=2, tune={"e_score_correction_bias": lambda b: b - 1.6})
    # Scores near 1e-20 and biases near 12. The 1e-20 that is added to the sum in the normalisation then matters, and an
    # engine that computes a score as choice score - bias gets 0.
    fixture("v3-tiny-scores", n_group=1, tune={"embed_tokens": column(lambda x: 16 + 0 * x), "mlp.gate.weight": column(lambda w: w - 12),
            "post_attention_layernorm": column(lambda w: 1 + 0 * w), "model.norm": column(lambda w: 0 * w), "lm_head": 2,
            "e_score_correction_bias": lambda b: b + 12},
            accept=lambda expected: expected["weights.1"].sum(-1).median() < 0.9 * 2.5)
    fixture("v3-two-shared", n_shared_experts=2)
    fixture("v3-no-shared", n_shared_experts=0)
    fixture("v2-greedy", V2, q_lora_rank=None, rope_scaling=YARN | dict(mscale=0.707, mscale_all_dim=0.707), max_position_embeddings=163840,
            unlike=[dict(rope_scaling=None)])
    fixture("v2-group-limited", V2, n_routed_experts=12, n_group=4, topk_group=2, topk_method="group_limited_greedy",
            routed_scaling_factor=16.0, unlike=[dict(topk_method="greedy"), dict(routed_scaling_factor=1.0)])
    fixture("v2-norm-topk-prob", V2, norm_topk_prob=True)       # transformers ignores norm_topk_prob in V2
    fixture("v2-attention-bias", V2, attention_bias=True)

    # RoPE.
    fixture("v3-half-split", rope_interleave=False, unlike=[dict(rope_interleave=True)])
    fixture("v3-theta", rope_theta=50.0, unlike=[dict(rope_theta=10000.0)])
    fixture("v3-yarn", rope_scaling=YARN | dict(mscale=1.0, mscale_all_dim=1.0), max_position_embeddings=163840,
            unlike=[dict(rope_scaling=None)])
    # The prompt is longer than the original context; cos and sin are scaled by one factor, the softmax by another.
    long = YARN | dict(original_max_position_embeddings=16, mscale=1.0, mscale_all_dim=0.5)
    fixture("v3-yarn-long", prompt=48, rope_scaling=long, qk_rope_head_dim=16, rope_theta=1000.0, max_position_embeddings=640,
            unlike=[dict(rope_scaling=long | change) for change in (dict(factor=2), dict(mscale=0.5), dict(mscale_all_dim=1.0))])
    # A config as transformers 5 writes it. Without mscale_all_dim, cos and sin are scaled, but the softmax is not.
    plain = dict(rope_type="yarn", rope_theta=500.0, factor=8.0, original_max_position_embeddings=256, beta_fast=8, beta_slow=1,
                 truncate=False)
    fixture("v3-yarn-plain", rope_parameters=plain, rope_scaling=ABSENT, rope_theta=ABSENT, head_dim=8, qk_head_dim=14,
            max_position_embeddings=2048, unlike=[dict(rope_parameters=plain | change) for change in (
                dict(truncate=True), dict(beta_fast=32), dict(attention_factor=1.0), dict(mscale=1.0, mscale_all_dim=1.0))])

    # Types of the stored weights (most fixtures are bfloat16), and tensors that an engine must ignore.
    fixture("v3-f16", dtype="float16")
    fixture("v3-fp8", block=[128, 128], hidden_size=136, intermediate_size=132, n_routed_experts=4, num_experts_per_tok=1, vocab_size=41)
    fixture("v3-fp8-small-blocks", block=[8, 12])
    fixture("v3-mtp", num_nextn_predict_layers=1)


def column(f):
    """A function for `tune` that applies `f` to the first column only."""
    return lambda t: np.concatenate([f(t[..., :1]), t[..., 1:]], -1)


def shipped():
    """The shipped model on three prompts, one per kind of text that it was trained on: stories, code, arithmetic."""
    name, prompts = "shipped", ("Once upon a time there was a little girl who", "def read_file(path, mode='r'):", "What is 6 times 7?\n")
    if not wanted(name):
        return
    config, tokenizer = json.loads((SHIPPED / "config.json").read_text()), Tokenizer.from_file(str(SHIPPED / "tokenizer.json"))
    stored = load_file(SHIPPED / "model.safetensors")
    model = load(config, dequantise(stored, config["quantization_config"]["weight_block_size"]))
    tensors, golden, margins = {}, [], []
    for i, prompt in enumerate(prompts):
        expected, margin = expect(config, model, tokenizer.encode(prompt).ids)
        greedy = expected["greedy"].tolist()
        golden.append(dict(prompt=prompt, ids=expected["ids"].tolist(), greedy=greedy, text=tokenizer.decode(greedy)))
        tensors |= {f"{i}.{key}": t for key, t in expected.items()}
        margins.append(margin)
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    (folder / "golden.json").write_text("[\n" + ",\n".join(json.dumps(g, ensure_ascii=False) for g in golden) + "\n]\n")
    assert min(margins) > MARGIN_SHIPPED
    save_expected(folder, tensors, f"smallest margin {min(margins):.1e}")


if __name__ == "__main__":
    warnings.filterwarnings("ignore", "Initializing zero-element tensors")      # from v3-no-shared
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    tiny_checkpoints()
    shipped()

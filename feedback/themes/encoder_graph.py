"""Writes the ONNX graph of all-MiniLM-L6-v2 (BERT, 6 layers, mean pooling, L2) in int8 from its published weights.

Run once an install by `embedding`, in about two seconds. Needs `onnx` and `safetensors`; no torch, no export tool.

The scheme: weights in 7 bits, one scale an output column (7 and not 8 because without VNNI the sum of two products
of 8 by 8 bits overflows 16 bits, and then two machines would give different themes). Activations in 8 bits with
*constant* ranges measured once (`RANGES`): a range taken from the batch, as dynamic quantisation does, would give a text
other numbers in company than alone. Layer normalisation, attention and the sums stay in float32.

The graph has no mask: `embedding` sends only texts of equal length together, so there is no padding to hide.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors import safe_open

LAYERS, WIDTH, HEADS, INNER = 6, 384, 12, 1536

RANGES: tuple[tuple[tuple[float, float], ...], ...] = (
    ((-2.47, 6.33), (-3.12, 2.01), (-6.47, 28.48), (-0.17, 24.42)),
    ((-4.17, 8.13), (-2.22, 2.42), (-7.98, 30.28), (-0.17, 20.32)),
    ((-5.31, 7.99), (-2.12, 2.35), (-14.50, 27.68), (-0.17, 17.53)),
    ((-4.93, 9.66), (-2.19, 2.07), (-16.10, 28.82), (-0.17, 13.67)),
    ((-5.42, 10.51), (-2.33, 2.46), (-13.85, 21.60), (-0.17, 4.46)),
    ((-5.04, 9.83), (-2.67, 2.56), (-11.48, 13.16), (-0.17, 3.70)),
)
"""Lowest and highest value taken as they are, for each layer at the four places that are quantised: before
query/key/value, before the attention's output, before and after the inner layer. Values outside are cut."""


class _Graph:
    """Collects nodes and weights; names are counted, so that two builds give the same bytes."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, value: np.ndarray) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], name: str, *, contrib: bool = False, **attributes: Any) -> str:
        domain = "com.microsoft" if contrib else ""
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, domain=domain, **attributes))
        return name


def write_graph(weights_file: Path) -> bytes:
    """The int8 graph as bytes of an ONNX file: input `ids` int64 (texts, tokens), output `vectors` float32 (texts, 384).

    The same weights give the same bytes. Peak memory about 150 MB above the caller's.
    """
    graph = _Graph()
    with safe_open(str(weights_file), "numpy") as tensors:
        hidden = _embed(graph, tensors)
        for layer in range(LAYERS):
            hidden = _layer(graph, tensors, layer, hidden)
    graph.weight("one", np.array([1], np.int64))
    mean = graph.node("ReduceMean", [hidden, "one"], "mean", keepdims=0)
    graph.node("LpNormalization", [mean], "vectors", axis=1, p=2)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "minilm",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "tokens"])],
            [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", WIDTH])],
            initializer=graph.weights,
        ),
        opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)],
        ir_version=9,
        producer_name="heard",
    )
    return bytes(model.SerializeToString(deterministic=True))


def _embed(graph: _Graph, tensors: safe_open) -> str:
    """Word, position and segment vectors, normalised. Words are kept in 8 bits with one scale a word."""
    words = tensors.get_tensor("embeddings.word_embeddings.weight")
    scale = np.maximum(np.abs(words).max(axis=1, keepdims=True), 1e-8) / 127
    graph.weight("words", np.rint(words / scale).astype(np.int8))
    graph.weight("words.scale", scale.astype(np.float32))
    segment = tensors.get_tensor("embeddings.token_type_embeddings.weight")[0]
    graph.weight("positions", tensors.get_tensor("embeddings.position_embeddings.weight")[:256] + segment)
    picked = graph.node("Cast", [graph.node("Gather", ["words", "ids"], "picked8")], "picked", to=TensorProto.FLOAT)
    scales = graph.node("Gather", ["words.scale", "ids"], "scales")
    word = graph.node("Mul", [picked, scales], "word")
    shape = graph.node("Shape", ["ids"], "shape", start=1)
    graph.weight("zero", np.array([0], np.int64))
    position = graph.node("Slice", ["positions", "zero", shape, "zero"], "position")
    return _normalised(graph, tensors, "embeddings.LayerNorm", graph.node("Add", [word, position], "embedded"))


def _layer(graph: _Graph, tensors: safe_open, layer: int, hidden: str) -> str:
    """Attention and inner layer, each added to what came in and normalised."""
    at = f"encoder.layer.{layer}."
    ranges = RANGES[layer]

    def pair(name: str) -> tuple[np.ndarray, np.ndarray]:
        return tensors.get_tensor(f"{at}{name}.weight").T, tensors.get_tensor(f"{at}{name}.bias")

    three = [pair(f"attention.self.{part}") for part in ("query", "key", "value")]
    joined = np.concatenate([w for w, _ in three], axis=1), np.concatenate([b for _, b in three])
    packed = _dense(graph, f"{layer}.qkv", hidden, joined, ranges[0])
    parts = [f"{layer}.q", f"{layer}.k", f"{layer}.v"]
    graph.nodes.append(helper.make_node("Split", [packed], parts, name=f"{layer}.split", axis=2, num_outputs=3))
    seen = graph.node("MultiHeadAttention", parts, f"{layer}.seen", contrib=True, num_heads=HEADS)
    out = _dense(graph, f"{layer}.out", seen, pair("attention.output.dense"), ranges[1])
    hidden = _added(graph, tensors, f"{at}attention.output.LayerNorm", out, hidden)
    up = _dense(graph, f"{layer}.up", hidden, pair("intermediate.dense"), ranges[2])
    bent = graph.node("Gelu", [up], f"{layer}.gelu", contrib=True)
    down = _dense(graph, f"{layer}.down", bent, pair("output.dense"), ranges[3])
    return _added(graph, tensors, f"{at}output.LayerNorm", down, hidden)


def _dense(
    graph: _Graph, name: str, source: str, pair: tuple[np.ndarray, np.ndarray], span: tuple[float, float]
) -> str:
    """source · weight + bias in int8: quantise with the constant range, multiply, scale back to float32."""
    weight, bias = pair
    scale = np.maximum(np.abs(weight).max(axis=0), 1e-8) / 63
    low, high = span
    step = (high - low) / 255
    zero = round(-low / step)
    graph.weight(f"{name}.weight", np.rint(weight / scale).astype(np.int8))
    graph.weight(f"{name}.scale", scale.astype(np.float32))
    graph.weight(f"{name}.bias", bias.astype(np.float32))
    graph.weight(f"{name}.step", np.array(step, np.float32))
    graph.weight(f"{name}.zero", np.array(zero, np.uint8))
    graph.weight(f"{name}.none", np.zeros(len(scale), np.int8))
    small = graph.node("QuantizeLinear", [source, f"{name}.step", f"{name}.zero"], f"{name}.small")
    inputs = [small, f"{name}.weight", f"{name}.step", f"{name}.scale", f"{name}.zero", f"{name}.none", f"{name}.bias"]
    return graph.node("MatMulIntegerToFloat", inputs, name, contrib=True)


def _normalised(graph: _Graph, tensors: safe_open, name: str, source: str) -> str:
    gamma = graph.weight(f"{name}.weight", tensors.get_tensor(f"{name}.weight"))
    beta = graph.weight(f"{name}.bias", tensors.get_tensor(f"{name}.bias"))
    return graph.node("LayerNormalization", [source, gamma, beta], name, axis=-1, epsilon=1e-12)


def _added(graph: _Graph, tensors: safe_open, name: str, source: str, hidden: str) -> str:
    gamma = graph.weight(f"{name}.weight", tensors.get_tensor(f"{name}.weight"))
    beta = graph.weight(f"{name}.bias", tensors.get_tensor(f"{name}.bias"))
    return graph.node("SkipLayerNormalization", [source, hidden, gamma, beta], name, contrib=True, epsilon=1e-12)

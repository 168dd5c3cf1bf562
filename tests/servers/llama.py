"""A real engine with a model of random weights: llama.cpp behind llama-cpp-python's server.

    python tests/servers/llama.py MODEL.gguf [--right-echo] -- COMMAND...

Writes the model, serves it on a free port of this machine, and runs COMMAND with its address in
AIBENCH_REAL_SERVER; with --right-echo as `llama_echo` serves it. Needs llama-cpp-python[server] and
gguf; `make real-server` installs both.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import gguf
import numpy as np

WIDTH, HEADS, INNER, CONTEXT = 32, 2, 64, 1024
WORDS = ("def", "return", "    ", " the", " of", " and", " =", " 1", "):", "print", "for", "in")
CONTROL = ("<|begin|>", "<|end|>", "<|turn|>")
TEMPLATE = (
    "{% for m in messages %}<|turn|>{{ m['role'] }}: {{ m['content'] }}{% endfor %}"
    "{% if add_generation_prompt %}<|turn|>assistant: {% endif %}"
)
START_SECONDS = 60.0


def byte_names() -> list[str]:
    """The 256 bytes as byte-level BPE writes them: visible ones as they are, others from U+0100."""
    visible = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    hidden = iter(range(0x100, 0x200))
    return [chr(b if b in visible else next(hidden)) for b in range(256)]


def vocabulary() -> tuple[list[str], list[str]]:
    """Tokens (bytes, the words and what they are joined from, control) and the joining rules."""
    names = byte_names()
    tokens, merges = list(names), []
    for word in WORDS:
        letters = [names[byte] for byte in word.encode()]
        for end in range(2, len(letters) + 1):
            left, right = "".join(letters[: end - 1]), letters[end - 1]
            if left + right not in tokens:
                tokens.append(left + right)
                merges.append(f"{left} {right}")
    return [*tokens, *CONTROL], merges


def write_model(path: Path, seed: int = 0) -> None:
    """A llama of one layer that has learnt nothing; the same bytes for the same seed."""
    tokens, merges = vocabulary()
    begin, end, turn = (len(tokens) - len(CONTROL) + i for i in range(len(CONTROL)))
    control = gguf.TokenType.CONTROL
    types = [control if name in CONTROL else gguf.TokenType.NORMAL for name in tokens]
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("random")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(begin)
    writer.add_eos_token_id(end)
    writer.add_eot_token_id(turn)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    for name, tensor in weights(len(tokens), seed).items():
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def weights(vocabulary_size: int, seed: int) -> dict[str, np.ndarray]:
    """Every tensor of the model by its name in GGUF."""
    dice = np.random.default_rng(seed)
    shapes = {
        "token_embd": (vocabulary_size, WIDTH),
        "output": (vocabulary_size, WIDTH),
        **{f"blk.0.attn_{part}": (WIDTH, WIDTH) for part in ("q", "k", "v", "output")},
        "blk.0.ffn_gate": (INNER, WIDTH),
        "blk.0.ffn_up": (INNER, WIDTH),
        "blk.0.ffn_down": (WIDTH, INNER),
    }
    drawn = {
        f"{name}.weight": (dice.standard_normal(shape) / shape[1] ** 0.5).astype(np.float32)
        for name, shape in shapes.items()
    }
    norms = ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm")
    return drawn | {f"{name}.weight": np.ones(WIDTH, np.float32) for name in norms}


def serve(path: Path, program: Sequence[str]) -> tuple[subprocess.Popen[bytes], str]:
    """The server's process, once it answers, and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [
            sys.executable, *program, "--model", str(path),
            "--model_alias", "random", "--host", "127.0.0.1", "--port", str(port),
            "--n_ctx", str(CONTEXT), "--n_threads", "1", "--verbose", "false",
        ],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/v1/models", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return server, url
    server.kill()
    sys.exit("llama-cpp-python's server did not start")


def main() -> int:
    end = sys.argv.index("--")
    (path, *flags), command = sys.argv[1:end], sys.argv[end + 1 :]
    write_model(Path(path))
    echoing = [str(Path(__file__).with_name("llama_echo.py"))]
    server, url = serve(Path(path), echoing if flags else ["-m", "llama_cpp.server"])
    try:
        return subprocess.run(command, env={**os.environ, "AIBENCH_REAL_SERVER": url}).returncode
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())

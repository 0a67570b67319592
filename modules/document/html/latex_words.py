"""Writes the LaTeX of a title as signs that a person reads, where a page shows the title as plain text."""

from __future__ import annotations

import re

SIGNS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "eta": "η",
    "theta": "θ", "lambda": "λ", "mu": "μ", "nu": "ν", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
    "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
    "times": "×", "div": "÷", "cdot": "·", "pm": "±", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥",
    "ne": "≠", "neq": "≠", "approx": "≈", "equiv": "≡", "infty": "∞", "to": "→", "rightarrow": "→",
    "Rightarrow": "⇒", "leftarrow": "←", "in": "∈", "notin": "∉", "cup": "∪", "cap": "∩", "subset": "⊂",
    "subseteq": "⊆", "emptyset": "∅", "angle": "∠", "triangle": "△", "perp": "⊥", "parallel": "∥",
    "circ": "°", "degree": "°", "sum": "∑", "prod": "∏", "int": "∫", "partial": "∂", "nabla": "∇",
    "ldots": "…", "dots": "…", "cdots": "…", "quad": " ", "qquad": " ", "left": "", "right": "",
}  # fmt: skip
NAMES = frozenset(
    [
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "arcsin",
        "arccos",
        "arctan",
        "log",
        "ln",
        "exp",
        "lim",
        "min",
        "max",
    ]
)
WRAPPERS = frozenset(
    ["text", "mathrm", "mathbf", "mathit", "mathbb", "operatorname", "overline", "vec", "hat"]
)
RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
COMMAND = re.compile(r"\\([A-Za-z]{1,20})(?![A-Za-z])")
GROUP = r"\{([^{}]{0,200})\}"
FRACTION = re.compile(rf"\\[dt]?frac\s{{0,2}}{GROUP}\s{{0,2}}{GROUP}")
ROOT = re.compile(rf"\\sqrt\s{{0,2}}{GROUP}")
WRAPPED = re.compile(rf"\\({'|'.join(sorted(WRAPPERS))})\s{{0,2}}{GROUP}")
DEGREE = re.compile(r"\s?\^\s?\{?\\circ(?![A-Za-z])\}?")
POWER = re.compile(rf"([\^_])(?:{GROUP}|([0-9n]))")
SPACES = re.compile(r"\\[,;:! ]")
DEEPEST = 4  # groups inside groups that are read; raised, a hostile title takes longer


def readable(title: str) -> str:
    """Returns a title with its LaTeX as signs. A title with other words behind a backslash stays as it is."""
    names = COMMAND.findall(title)
    if not names or not all(map(_is_known, names)):
        return title
    text = DEGREE.sub("°", title)
    for _depth in range(DEEPEST):
        text = WRAPPED.sub(r"\2", text)
        text = FRACTION.sub(lambda match: f"{_grouped(match[1])}/{_grouped(match[2])}", text)
        text = ROOT.sub(lambda match: f"√{_grouped(match[1])}", text)
        text = POWER.sub(_raised, text)
    text = COMMAND.sub(_sign, SPACES.sub(" ", text))
    return " ".join(text.split())


def _is_known(name: str) -> bool:
    return name in SIGNS or name in NAMES or name in WRAPPERS or name in ("frac", "dfrac", "tfrac", "sqrt")


def _sign(match: re.Match[str]) -> str:
    name = match[1]
    return name if name in NAMES else SIGNS.get(name, match[0])


def _grouped(text: str) -> str:
    return text if re.fullmatch(r"\w*|√?\w+|\\\w+", text) else f"({text})"


def _raised(match: re.Match[str]) -> str:
    inside = match[2] if match[2] is not None else match[3]
    signs = RAISED if match[1] == "^" else LOWERED
    if inside and all(ord(sign) in signs for sign in inside):
        return inside.translate(signs)
    return match[0] if "\\" in inside else f"{match[1]}{_grouped(inside)}"

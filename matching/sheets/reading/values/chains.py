"""Chains and their nodes by name, path or code."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache

from matching.kinds.declaration import Label
from matching.sheets.reading.values.choices import word_key
from matching.sheets.reading.values.texts import narrow
from matching.sheets.reading.values.unreadable import Unreadable
from matching.sheets.types import ChainWord

_STEPS = re.compile(r"\s*[/\\>→|]\s*|\s+[-—–]{1,2}\s*|[-—–]{1,2}\s+")
_SUFFIX = re.compile("(?:产业链|产业|链)$")
_MOST_CANDIDATES = 6


def read_chain(text: str, chains: tuple[ChainWord, ...]) -> str:
    """The code of a chain. Raises ``Unreadable``."""
    names = _chain_names(chains)
    bare = word_key(_SUFFIX.sub("", text.strip()))
    found = names.get(word_key(text)) or names.get(bare)
    if found is None and len(bare) > 1:
        # 轨道交通 for 先进轨道交通产业链, where no other chain's name holds it.
        holding = {code for name, code in names.items() if bare in name}
        found = holding.pop() if len(holding) == 1 else None
    if found is None:
        choices = "、".join(chain.name for chain in chains)
        english = ", ".join(chain.english or chain.name for chain in chains)
        raise Unreadable("unknown_chain", text=text, choices=Label(choices, english))
    return found


@lru_cache(maxsize=8)
def _chain_names(chains: tuple[ChainWord, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for chain in chains:
        for name in (chain.code, chain.name, chain.english, _SUFFIX.sub("", chain.name)):
            if name:
                found.setdefault(word_key(name), chain.code)
    return found


Node = tuple[str, str]
"""The codes of a chain and of a node of it."""


def read_node(text: str, chain: str | None, chains: tuple[ChainWord, ...]) -> Node:
    """The codes of a node's chain and of the node. Raises ``Unreadable`` for none or several.

    Without a chain the name must be one of a kind in all chains.
    """
    scope = tuple(each for each in chains if chain in (None, each.code))
    index = _index(scope)
    steps = _steps(text)
    found = index.by_path.get("/".join(steps), ()) or index.below(steps)
    if not found:
        shown = Label(scope[0].name, scope[0].english or scope[0].name) if chain and scope else "—"
        raise Unreadable("unknown_node", text=text, chain=shown, near=index.near(text))
    if len(found) > 1:
        names = [index.shown[node] for node in found]
        candidates = "；".join(names[:_MOST_CANDIDATES]) + ("…" if len(names) > _MOST_CANDIDATES else "")
        raise Unreadable("ambiguous_node", text=text, candidates=candidates)
    return found[0]


def _steps(text: str) -> list[str]:
    return [word_key(part) for part in _STEPS.split(narrow(text).strip()) if part]


class _Index:
    """Nodes by every end of their path, and by code; a whole path or code goes before a mere end."""

    def __init__(self, chains: tuple[ChainWord, ...]) -> None:
        self.shown: dict[Node, str] = {}
        self.words: dict[str, str] = {}
        self._paths: dict[Node, list[list[str]]] = {}
        ends: dict[str, dict[Node, None]] = {}
        whole: dict[str, dict[Node, None]] = {}
        for chain in chains:
            for node in chain.nodes:
                key = (chain.code, node.code)
                self.shown[key] = " / ".join((chain.name, *node.path))
                self.words[node.path[-1]] = node.path[-1]
                whole.setdefault(word_key(node.code), {})[key] = None
                for above, path in ((chain.name, node.path), (chain.english, node.english)):
                    names = [word_key(name) for name in path]
                    self._paths.setdefault(key, []).append([word_key(above), *names])
                    for start in range(len(names)):
                        kept = ends if start else whole
                        kept.setdefault("/".join(names[start:]), {})[key] = None
        self.by_path = {key: tuple(nodes) for key, nodes in (ends | whole).items()}

    def below(self, steps: list[str]) -> tuple[Node, ...]:
        """Nodes of the last step's name that hold the others above them, the chain's own name included."""
        if len(steps) < 2:
            return ()
        candidates = self.by_path.get(steps[-1], ())
        return tuple(node for node in candidates if any(_holds(path, steps) for path in self._paths[node]))

    def near(self, text: str) -> Label | str:
        """A name that may be meant."""
        last = _STEPS.split(text.strip())[-1]
        close = difflib.get_close_matches(last, list(self.words), 1, 0.6)
        return Label(f"；是否指“{close[0]}”", f" (is “{close[0]}” meant?)") if close else ""


def _holds(path: list[str], steps: list[str]) -> bool:
    rest = iter(path)
    return all(step in rest for step in steps)


@lru_cache(maxsize=64)
def _index(chains: tuple[ChainWord, ...]) -> _Index:
    return _Index(chains)

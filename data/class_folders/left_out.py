"""What of a folder's files was left out, counted and named once for each kind of reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from data.errors import DataError

NAMED = 3  # folders in one sentence


@dataclass(frozen=True, slots=True)
class Reason:
    """Why files are left out.

    Attributes:
        what: what is wrong, after "is" or "are", as "damaged".
        remedy: what to do about it, as "convert them"; empty for nothing.
        is_loss: whether the file would have been an example; a class that loses more than half of its own is refused.
    """

    what: str
    remedy: str = ""
    is_loss: bool = True


@dataclass(slots=True)
class LeftOut:
    """Files that are left out, each with its reason.

    Attributes:
        path: of the folder or archive.
        names: of all its files.
        classes: the class of each file that is, or would have been, an example.
        reasons: the reason of each file that is left out.
    """

    path: str
    names: Sequence[str]
    classes: Mapping[str, str]
    reasons: dict[str, Reason] = field(default_factory=dict)

    def notes(self) -> tuple[str, ...]:
        """A sentence for each reason: how many files in which folders, and the first."""
        groups: dict[Reason, list[str]] = {}
        for name, reason in sorted(self.reasons.items()):
            groups.setdefault(reason, []).append(name)
        return tuple(self._sentence(reason, names) for reason, names in groups.items())

    def check(self, kind: str) -> None:
        """Check that no class lost more than half of its files.

        Raises:
            DataError: names the first such class, and what is wrong with most of what it lost.
        """
        losses = {name: why for name, why in self.reasons.items() if why.is_loss and name in self.classes}
        total, lost = self._by_class(self.classes), self._by_class(losses)
        for label, count in sorted(lost.items()):
            if 2 * count > total[label]:
                of_class = {name: why for name, why in losses.items() if self.classes[name] == label}
                ((most, _),) = Counter(of_class.values()).most_common(1)
                names = sorted(name for name, why in of_class.items() if why == most)
                raise DataError(
                    f"class {label!r} of {self.path} has {total[label]} {kind}, too few of which can be used: "
                    f"{self._sentence(most, names)}"
                )

    def _by_class(self, names: Iterable[str]) -> Counter[str]:
        return Counter(self.classes[name] for name in names)

    def _sentence(self, reason: Reason, names: Sequence[str]) -> str:
        folders = sorted({_folder(name) for name in names})
        total = sum(_folder(name) in folders for name in self.names)
        verb = "is" if len(names) == 1 else "are"
        remedy = f"; {reason.remedy}" if reason.remedy else ""
        first = f"first of all {names[0]}" if len(names) > 1 else names[0]
        return f"{len(names):,} of {total:,} files in {_places(folders)} {verb} {reason.what} ({first}){remedy}"


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _places(folders: Sequence[str]) -> str:
    named = [f"{folder}/" if folder else "the folder itself" for folder in folders]
    return f"{len(named)} folders" if len(named) > NAMED else " and ".join(named)

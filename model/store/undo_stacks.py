"""The steps that can be undone and redone, as the journal tells them."""

from dataclasses import dataclass, field

from model.store.journal import Kind
from model.store.reader import Reader


@dataclass(slots=True)
class UndoStacks:
    """The steps that can be undone and those that can be redone, newest last.

    Each is a step's number with its label. A new step clears the steps to redo. Any order of
    entries is understood, also one that several programs wrote in turn: an undo or redo of a step
    that is on neither stack counts as if it had been there.
    """

    done: list[tuple[int, str]] = field(default_factory=list)
    undone: list[tuple[int, str]] = field(default_factory=list)
    last_seq: int = 0
    """The number of the last journal entry that the stacks know of."""

    def follow(
        self, kind: Kind, step: int, action: str, of_step: int | None, *, changed_rows: bool = True
    ) -> None:
        """Update the stacks after a step, an undo or a redo; an event changes nothing.

        An undo or redo that `changed_rows` not was given up: its step leaves both stacks.
        """
        match kind:
            case "step":
                self.done.append((step, action))
                self.undone.clear()
            case "undo" | "redo" if of_step is not None:
                self._drop(of_step)
                if changed_rows:
                    target = self.undone if kind == "undo" else self.done
                    target.append((of_step, action))
            case _:
                pass

    def catch_up(self, reader: Reader) -> None:
        """Follow the entries that were journalled since the stacks were read last."""
        for row in reader.rows(
            """
            select step, kind, min(action) as action, min(of_step) as of_step,
                   count(table_name) as changes, max(seq) as seq
              from journal
             where seq > :seq
             group by step, kind
             order by min(seq)
            """,
            seq=self.last_seq,
        ):
            self.follow(
                row["kind"],
                row["step"],
                row["action"],
                row["of_step"],
                changed_rows=row["changes"] > 0,
            )
            self.last_seq = max(self.last_seq, row["seq"])

    def _drop(self, step: int) -> None:
        for stack in (self.done, self.undone):
            stack[:] = [item for item in stack if item[0] != step]

"""What a program that runs notebooks without a front end stores of a widget's state."""

from __future__ import annotations

from typing import Any

from IPython.core.getipython import get_ipython

WITHOUT_KERNEL: dict[str, Any] = {
    "_esm": "export default { render({ el }) { el.textContent = 'The live plot needs a running kernel.'; } };",
    "_widget_data": [],
    "_widget_layout": {},
}
"""In place of a plotly figure: its code alone is five megabytes."""
_BY_PEOPLE = {"cellId", "trusted", "recordTiming"}


def store_instead(widget: Any, state: dict[str, Any]) -> None:
    """Have this stored in a notebook in place of the same parts of the widget's state; the widget stays as it is.

    Programs that run notebooks (nbclient, and with it nbconvert) store every state that they see in a message, with
    megabytes of code. Without effect where a front end runs the cell: it stores none of this.
    """
    if widget.comm is not None and _run_by_program():
        widget.comm.send({"method": "stored", "state": state, "buffer_paths": []})


def _run_by_program() -> bool:
    """Whether a cell is being run by something other than a front end: front ends say more in their requests."""
    shell: Any = get_ipython()
    parent = shell.get_parent() if hasattr(shell, "get_parent") else None
    if not isinstance(parent, dict):
        return False
    asked = parent.get("header", {}).get("msg_type") == "execute_request"
    return asked and not _BY_PEOPLE & set(parent.get("metadata", {}))

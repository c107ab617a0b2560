"""How the documentation is built: pages of the project, and a reference made from the docstrings; see `make docs`."""

import ast
import importlib.metadata
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parent.parent

project = "The μNAS workbench"
author = "The μNAS workbench authors"
copyright = author  # noqa: A001 - Sphinx's name
release = importlib.metadata.version("unas-workbench")

extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "myst_parser"]
exclude_patterns = ["build/html", "build/doctrees"]
html_theme = "furo"
html_title = project
html_show_sphinx = False

default_role = "code"  # what stands in backticks in a docstring
myst_heading_anchors = 3
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True  # else attributes that have a line of their own are described twice
autodoc_default_options = {"members": True, "member-order": "bysource", "show-inheritance": True}
autodoc_typehints_format = "short"
autodoc_mock_imports = ["ai_edge_litert", "keras", "tensorflow"]  # ten seconds of imports; nothing inherits from them
suppress_warnings = ["ref.python"]  # names of fields that several classes have; nothing links to them
nitpicky = True
nitpick_ignore_regex = [("py:.*", ".*")]  # types of other libraries are not looked up, since that needs a network

PACKAGES = {
    "resource_models": "What a network costs on a microcontroller",
    "data": "Data sets",
    "search": "Searching within a budget",
    "unas_widgets": "Widgets",
}


def modules_of(folder: Path) -> list[str]:
    """The modules in a folder that are for others to import, by dotted name."""
    files = sorted(path for path in folder.glob("*.py") if path.stem not in ("__init__", "__main__"))
    return [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files]


def public_names(package: str) -> list[tuple[str, str]]:
    """(name, home) of everything that a package offers."""
    tree = ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8"))
    found = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package}.")
        for alias in node.names
    }
    return sorted(found.items(), key=lambda item: item[0].lower())


def page_of(folder: Path, title: str) -> str:
    """One page with all modules of a folder."""
    name = ".".join(folder.relative_to(ROOT).parts)
    lines = [title, "=" * len(title), ""]
    if (folder / "__init__.py").exists():
        lines += [f".. automodule:: {name}", "   :no-members:", ""]
    if name in PACKAGES:
        names = ", ".join(f":py:obj:`{short} <{home}>`" for short, home in public_names(name))
        lines += [f"``from {name} import …``: {names}", ""]
    for module in modules_of(folder):
        lines += [module, "-" * len(module), "", f".. automodule:: {module}", ""]
    return "\n".join(lines) + "\n"


def write_reference(_app: Sphinx) -> None:
    """Write the pages of the reference, before Sphinx looks for pages."""
    to = ROOT / ".docs" / "build" / "reference"
    to.mkdir(parents=True, exist_ok=True)
    for package, title in PACKAGES.items():
        folders = sorted({path.parent for path in (ROOT / package).rglob("*.py")})
        rooms = [folder for folder in folders if folder != ROOT / package and modules_of(folder)]
        listing = []
        for room in rooms:
            name = ".".join(room.relative_to(ROOT).parts)
            listing.append(name)
            write(to / f"{name}.rst", page_of(room, name))
        toctree = "\n".join([".. toctree::", "   :maxdepth: 1", "", *(f"   {name}" for name in listing)])
        write(to / f"{package}.rst", page_of(ROOT / package, f"{package}: {title}") + "\n" + toctree + "\n")


def write(path: Path, text: str) -> None:
    """Write a page if it is another than before, so that Sphinx reads only what is new."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("builder-inited", write_reference)
    return {"parallel_read_safe": True}

// The keyboard in the grid (WAI-ARIA grid pattern): arrows walk, Enter changes, N adds, M moves, Delete removes.

export function listenToKeys({ grid, acts }) {
  const root = grid.root;

  root.addEventListener("focusin", (event) => {
    const stop = event.target.closest(".note[data-id], .cell, th[data-kind], .map__step--none");
    if (stop && event.target === stop) grid.setTabStop(stop);
  });

  root.addEventListener("keydown", (event) => {
    const stop = event.target.closest(".note[data-id], .cell, th[data-kind], .map__step--none");
    if (!stop || event.target.matches("input, textarea, select")) return;
    if (event.target !== stop && (event.key === "Enter" || event.key === " ")) return; // a button inside
    const act = actFor(event, stop);
    if (act) {
      event.preventDefault();
      act();
    }
  });

  function actFor(event, stop) {
    const kind = stop.matches(".note") ? "note" : stop.dataset.kind;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.altKey && event.key.startsWith("Arrow") && kind) return () => acts.nudge(kind, stop.dataset.id, event.key);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") return () => acts.undo();
    if (event.key === "Home" || event.key === "End") return () => edge(stop, event.key === "End", event.ctrlKey);
    if (!plain) return null;
    if (event.key.startsWith("Arrow")) return () => walk(stop, event.key);
    if (event.key === "Enter" || event.key === "F2") return () => acts.edit(stop);
    if (event.key === "Delete" || event.key === "Backspace") return kind ? () => acts.remove(kind, stop.dataset.id) : null;
    if (event.key === "?") return () => acts.help();
    const letter = event.key.toLowerCase();
    if (letter === "n") return () => acts.addAt(stop);
    if (letter === "m") return kind ? () => acts.move(kind, stop.dataset.id) : null;
    if ((event.key === "+" || event.key === "-") && stop.matches(".cell--feeling")) return () => acts.feel(stop, event.key === "+" ? 1 : -1);
    return null;
  }

  // --- Walking: rows 0 (phases), 1 (steps), then lanes; column 0 holds the lanes' names --------------

  const rows = () => [...grid.table.rows];

  function position(stop) {
    const cell = stop.closest("th, td");
    const row = rows().indexOf(cell.parentElement);
    if (row === 0) {
      let column = 1;
      for (const phase of cell.parentElement.querySelectorAll("th")) {
        if (phase === cell) return { row, column, span: phase.colSpan };
        column += phase.colSpan;
      }
    }
    return { row, column: cell.cellIndex, span: 1 };
  }

  function cellAt(row, column) {
    const line = rows()[row];
    if (!line || column < 0) return null;
    if (row > 0) return line.cells[column] ?? null;
    let end = 1;
    for (const phase of line.querySelectorAll("th")) {
      end += phase.colSpan;
      if (column >= 1 && column < end) return phase;
    }
    return null;
  }

  function go(cell, { last = false } = {}) {
    if (!cell || cell.matches(".map__corner")) return;
    const stop = cell.matches(".cell") ? grid.stopIn(cell, { last }) : cell;
    grid.focus(stop);
    stop.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function walk(stop, key) {
    const { row, column, span } = position(stop);
    if (stop.matches(".note")) {
      const next = key === "ArrowDown" ? stop.nextElementSibling : key === "ArrowUp" ? stop.previousElementSibling : null;
      if (next?.matches(".note[data-id]")) {
        grid.focus(next);
        return;
      }
    }
    if (key === "ArrowRight") go(cellAt(row, column + span));
    if (key === "ArrowLeft") go(cellAt(row, column - 1));
    if (key === "ArrowDown") go(cellAt(row + 1, column));
    if (key === "ArrowUp") go(cellAt(row - 1, column), { last: true });
  }

  function edge(stop, end, whole) {
    const { row } = position(stop);
    const line = whole ? (end ? rows().length - 1 : 1) : row;
    const last = rows()[Math.max(line, 1)].cells.length - 1;
    go(cellAt(line, end ? last : whole && line < 2 ? 1 : row < 2 ? 1 : 0));
  }
}

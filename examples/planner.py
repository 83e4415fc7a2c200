"""A planner for Tercio, beside it: `tercio run SCENARIO --planner "exec:python3 examples/planner.py"`.

It reads what a post believes and asks, one JSON object a line, and answers with a line. Who does what is
an assignment of greatest worth, found along augmenting paths, where greed takes the best pair first and
is stuck with the rest. Rules of its own: a unit fires its best effector at a track and no second one, and of
what is nearly as good the vehicle with more energy goes.
Every key is told in docs/planning.md.
"""
import json
import sys


def assign(worths):
    """The lot of each row so that the sum of worths is greatest (Hungarian algorithm, O(n^2 m))."""
    n, m = len(worths), len(worths[0]) if worths else 0
    # Every row may also stay alone, in a column of its own that is worth nothing; None never pays.
    cost = [[-w if w is not None and w > 0 else 0.0 for w in row] + [0.0] * n for row in worths]
    u, v, row_of = [0.0] * (n + 1), [0.0] * (m + n + 1), [0] * (m + n + 1)
    for row in range(1, n + 1):
        row_of[0], column = row, 0
        least, back, seen = [float("inf")] * (m + n + 1), [0] * (m + n + 1), [False] * (m + n + 1)
        while row_of[column]:
            seen[column], at, step, nearest = True, row_of[column], float("inf"), 0
            for j in (j for j in range(1, m + n + 1) if not seen[j]):
                if (reduced := cost[at - 1][j - 1] - u[at] - v[j]) < least[j]:
                    least[j], back[j] = reduced, column
                if least[j] < step:
                    step, nearest = least[j], j
            for j in range(m + n + 1):
                if seen[j]:
                    u[row_of[j]], v[j] = u[row_of[j]] + step, v[j] - step
                else:
                    least[j] -= step
            column = nearest
        while column:
            row_of[column] = row_of[back[column]]
            column = back[column]
    lots = {row_of[j] - 1: j - 1 for j in range(1, m + 1) if row_of[j]}
    return [(i, j) for i, j in sorted(lots.items()) if (worths[i][j] or 0) > 0]


for line in sys.stdin:
    ask = json.loads(line)
    cars, parts, guns, tracks = ask["vehicles"], ask["parts"], ask["shooters"], ask["tracks"]
    fuel = [[w and w + 1e-6 * car["energy_share"] for w in row] for car, row in zip(cars, ask["task_worths"])]
    tasks = [{"unit": cars[i]["unit"], "part": parts[j]["part"]} for i, j in assign(fuel)]
    worths, of_unit = ask["fire_worths"], {}
    for i, gun in enumerate(guns):
        of_unit.setdefault(gun["shooter"], []).append(i)
    best = [[max(own, key=lambda i: worths[i][j] or 0) for j in range(len(tracks) if worths else 0)]
            for own in of_unit.values()]  # the effector of each unit for each track
    pairs = [(best[u][j], j) for u, j in assign([[worths[i][j] for j, i in enumerate(row)] for row in best])]
    fires = [{key: guns[i][key] for key in ("shooter", "effector")} | {"track": tracks[j]["track"]} for i, j in pairs]
    print(json.dumps({"round": ask["round"], "tasks": tasks, "fires": fires}), flush=True)

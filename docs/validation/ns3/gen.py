#!/usr/bin/env python3
"""Makes positions_a.csv, flows.csv (scenes a and b) and waypoints_b.csv, trajectories_b.csv. Seeded; standard library only."""
import random, math, csv, statistics as st
R = 10 ** ((16.0206 + 82.0 - 20*math.log10(4*math.pi*2.412e9/299792458.0)) / 20)  # disc of -82 dBm
print("range %.1f m" % R)

def hops(pos, r=R):
    n = len(pos); adj = [[j for j in range(n) if j != i and math.dist(pos[i], pos[j]) <= r] for i in range(n)]
    out = []
    for s in range(n):
        d = [None]*n; d[s] = 0; q = [s]
        for u in q:
            for v in adj[u]:
                if d[v] is None: d[v] = d[u]+1; q.append(v)
        out.append(d)
    return out, adj

# Scene A: a 5x5 grid, 600 m apart, moved by multiples of 50 m; no pair within MARGIN of the range.
SPACING, MARGIN = 600, 15
for seed in range(1, 2000000):
    rng = random.Random(seed)
    pos = [(c*SPACING + 50*rng.randint(-2, 2) + 200.0, r*SPACING + 50*rng.randint(-2, 2) + 200.0) for r in range(5) for c in range(5)]
    if any(abs(math.dist(pos[i], pos[j]) - R) < MARGIN for i in range(25) for j in range(i)): continue
    h, adj = hops(pos)
    if any(x is None for x in h[0]): continue
    if min(map(len, adj)) < 2: continue
    # still connected when any one node is taken away
    ok = True
    for k in range(25):
        hh, _ = hops([p for i, p in enumerate(pos) if i != k])
        if any(x is None for x in hh[0]): ok = False; break
    if not ok: continue
    m = max(max(x) for x in h)
    if m < 6: continue
    break
deg = [len(a) for a in adj]
print("scene A: placement seed", seed, "degree mean %.2f min %d max %d" % (st.mean(deg), min(deg), max(deg)), "diameter", m)
near = sorted((abs(math.dist(pos[i], pos[j]) - R), round(math.dist(pos[i], pos[j]),1), j, i) for i in range(25) for j in range(i))[:3]
print("closest to the range:", near)
with open("positions_a.csv", "w", newline="") as f:
    w = csv.writer(f); w.writerow(["node", "x_m", "y_m"])
    for i, p in enumerate(pos): w.writerow([i, "%.1f" % p[0], "%.1f" % p[1]])
rng = random.Random(7)
want = [3, 3, 3, 4, 4, 4, 5, 5, 6, 6]
flows = []; used = []
for k in want:
    c = [(i, j) for i in range(25) for j in range(25) if i != j and h[i][j] == k and used.count(i)+used.count(j) == 0]
    if not c: c = [(i, j) for i in range(25) for j in range(25) if i != j and h[i][j] == k and (i, j) not in flows and used.count(i) < 2 and used.count(j) < 2]
    i, j = rng.choice(c); flows.append((i, j)); used += [i, j]
print("flows A:", [(i, j, h[i][j]) for i, j in flows])

# Scene B: random waypoints without pause. Waypoints reach past twice the run, so that a run at double speed may use them.
N, AREA, T = 30, 3000, 700
def make(seed):
    rng = random.Random(seed); wps = []
    for n in range(N):
        t, x, y = 0.0, round(rng.uniform(0, AREA), 1), round(rng.uniform(0, AREA), 1)
        l = [(t, x, y)]
        while t < T:
            x2, y2, v = round(rng.uniform(0, AREA), 1), round(rng.uniform(0, AREA), 1), rng.uniform(5, 10)
            t = round(t + math.dist((x, y), (x2, y2))/v, 1); x, y = x2, y2
            l.append((t, x, y))
        wps.append(l)
    return wps
def at(l, t):
    for a, b in zip(l, l[1:]):
        if a[0] <= t <= b[0]:
            q = (t-a[0])/(b[0]-a[0]); return (a[1]+q*(b[1]-a[1]), a[2]+q*(b[2]-a[2]))
def measure(wps, fb, k=1):
    """Share of the measured time for which each pair is connected at all, and its shortest hops; k: speed."""
    conn = {f: 0 for f in fb}; hs = {f: [] for f in fb}; degs = []; broke = links = 0; prev = None
    for t in range(30, 331):
        p = [at(l, t*k) for l in wps]; hh, adj = hops(p); degs.append(st.mean(map(len, adj)))
        s = {(i, j) for i in range(N) for j in adj[i] if i < j}
        if prev is not None: broke += len(prev - s); links += len(prev)
        prev = s
        for f in fb:
            x = hh[f[0]][f[1]]
            if x is not None: conn[f] += 1; hs[f].append(x)
    return conn, hs, st.mean(degs), broke/links
for seed in range(1, 400):
    wps = make(seed); rng = random.Random(seed + 1000)
    ends = rng.sample(range(N), 20); fb = list(zip(ends[:10], ends[10:]))
    conn, hs, deg, rate = measure(wps, fb)
    c, m = sum(conn.values())/3010, st.mean(x for v in hs.values() for x in v)
    if c >= 0.97 and m >= 2.7: break
print("scene B: waypoint seed %d, degree %.2f, mean life of a link %.0f s" % (seed, deg, 1/rate))
with open("bound_b.csv", "w", newline="") as g:
    w = csv.writer(g); w.writerow(["speed", "flow", "src", "dst", "share_of_time_connected", "mean_shortest_hops"])
    for k in (1, 2):
        conn, hs, deg, rate = measure(wps, fb, k)
        print("speed x%d: degree %.2f, mean life of a link %.0f s" % (k, deg, 1/rate))
        for n, f in enumerate(fb): w.writerow([k, n, *f, "%.4f" % (conn[f]/301), "%.3f" % st.mean(hs[f])])
        w.writerow([k, "all", "", "", "%.4f" % (sum(conn.values())/3010), "%.3f" % st.mean(x for v in hs.values() for x in v)])
with open("waypoints_b.csv", "w", newline="") as f:
    w = csv.writer(f); w.writerow(["node", "t_s", "x_m", "y_m"])
    for n, l in enumerate(wps):
        for p in l: w.writerow([n] + ["%.1f" % v for v in p])
with open("trajectories_b.csv", "w", newline="") as f:
    w = csv.writer(f); w.writerow(["node", "t_s", "x_m", "y_m"])
    for n, l in enumerate(wps):
        for t in range(346): w.writerow([n, t] + ["%.1f" % v for v in at(l, t)])
with open("flows.csv", "w", newline="") as f:
    w = csv.writer(f); w.writerow(["scene", "flow", "src", "dst", "shortest_hops"])
    for k, (i, j) in enumerate(flows): w.writerow(["a", k, i, j, h[i][j]])
    for k, (i, j) in enumerate(fb): w.writerow(["b", k, i, j, ""])
print(open("bound_b.csv").read())

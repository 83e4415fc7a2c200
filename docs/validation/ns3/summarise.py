#!/usr/bin/env python3
"""Means over the runs with 95 % t intervals, as Markdown tables: python3 summarise.py > summary.md"""
import csv, math, statistics as st, collections
T = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776}
def ci(v, f="%.3f"):
    v = [x for x in v if not math.isnan(x)]
    if not v: return "-"
    if len(v) < 2: return f % v[0]
    return (f + " ± " + f) % (st.mean(v), T[len(v)] * st.stdev(v) / math.sqrt(len(v)))
rows = list(csv.DictReader(open("results.csv")))
g = collections.OrderedDict()
for r in rows: g.setdefault((r["scene"], r["load"], r["arp"], r["flow"]), []).append(r)
col = lambda rs, k: [float(r[k]) for r in rs]
def label(k): return "%s %s%s" % (k[0].upper(), k[1], "" if k[2] == "1" else ", ARP filled")
print("| scene and step | delivery | mean delay, ms | median delay, ms | 95th percentile, ms | mean hops | refused at source, share | delivery by FlowMonitor |\n|---|---|---|---|---|---|---|---|")
for k, rs in g.items():
    if k[3] != "all": continue
    print("| %s | %s | %s | %s | %s | %s | %s | %s |" % (label(k), ci(col(rs, "delivery"), "%.4f"), ci(col(rs, "delay_mean_ms"), "%.2f"), ci(col(rs, "delay_median_ms"), "%.2f"), ci(col(rs, "delay_p95_ms"), "%.1f"), ci(col(rs, "hops_mean"), "%.3f"),
        ci([float(r["refused_no_route_at_source"])/float(r["sent"]) for r in rs], "%.4f"), ci([float(r["fm_rx"])/float(r["fm_tx"]) for r in rs], "%.4f")))
print("\n| scene and step | OLSR packets/s | OLSR bytes/s (payload of UDP) | with UDP and IP headers | with LLC, MAC, FCS | frames/s, all | data frames/s | air time, s/s over all senders |\n|---|---|---|---|---|---|---|---|")
for k, rs in g.items():
    if k[3] != "all": continue
    print("| %s | %s |" % (label(k), " | ".join(ci(col(rs, c), f) for c, f in (("olsr_packets_s", "%.2f"), ("olsr_bytes_s", "%.0f"), ("olsr_ip_bytes_s", "%.0f"), ("olsr_air_bytes_s", "%.0f"), ("frames_s", "%.1f"), ("data_frames_s", "%.1f"), ("air_s_per_s", "%.3f")))))
keys = [k for k in g if k[3] == "all"]
for want in (("a", "light", "1"), ("a", "light-random", "1"), ("a", "512x2-random", "1"), ("a", "512x2", "1"), ("a", "512x3", "1"), ("a", "512x8", "1"), ("b", "light", "1"), ("b", "fast", "1")):
    print("\nPer flow, %s:\n\n| flow | from | to | delivery | mean delay, ms | median delay, ms | mean hops |\n|---|---|---|---|---|---|---|" % label(want))
    for k, rs in g.items():
        if k[:3] == want and k[3] != "all":
            print("| %s | %s | %s | %s | %s | %s | %s |" % (k[3], rs[0]["src"], rs[0]["dst"], ci(col(rs, "delivery")), ci(col(rs, "delay_mean_ms"), "%.2f"), ci(col(rs, "delay_median_ms"), "%.2f"), ci(col(rs, "hops_mean"), "%.2f")))
hop = collections.OrderedDict()
for r in csv.DictReader(open("hops.csv")): hop.setdefault((r["scene"], r["load"], r["arp"], int(r["hops"])), []).append(r)
print("\nDelay by hops travelled:\n\n| scene and step | hops | packets, all runs | mean delay, ms | median delay, ms |\n|---|---|---|---|---|")
for k in sorted(hop):
    if k[2] == "1" and (k[0], k[1]) in (("a", "light"), ("a", "light-random"), ("a", "512x2-random"), ("b", "light")) and sum(int(r["received"]) for r in hop[k]) >= 50:
        rs = hop[k]; print("| %s | %d | %d | %s | %s |" % (label(k), k[3], sum(int(r["received"]) for r in rs), ci(col(rs, "delay_mean_ms"), "%.2f"), ci(col(rs, "delay_median_ms"), "%.3f")))
d = collections.OrderedDict()
for r in csv.DictReader(open("drops.csv")): d.setdefault((r["scene"], r["load"], r["arp"]), collections.Counter())[r["cause"]] += int(r["count"])
print("\nDrops by cause, whole run, mean of a run:\n\n| scene and step | causes |\n|---|---|")
for k, c in d.items():
    n = len({r["run"] for r in rows if (r["scene"], r["load"], r["arp"]) == k})
    print("| %s | %s |" % (label(k), ", ".join("%s %.1f" % (a, b / n) for a, b in sorted(c.items(), key=lambda x: -x[1]))))

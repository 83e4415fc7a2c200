#!/bin/sh
# Needs: apt-get install g++ libns3-dev pkg-config (Debian 12). The .pc files contain a stray ';', so the libraries are named here.
set -e
L=""; for m in core network internet mobility propagation wifi olsr flow-monitor applications traffic-control stats; do L="$L -lns3-$m"; done
for p in scene_a scene_b link_por; do nice g++ -std=c++17 -O1 $p.cc -o $p $L; done

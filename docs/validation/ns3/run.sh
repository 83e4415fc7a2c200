#!/bin/sh
# All runs, one after another: 10 to 20 minutes.
set -e
rm -f results.csv hops.csv drops.csv
echo "scene,load,bytes,rate_per_s,arp,run,flow,src,dst,sent,received,refused_no_route_at_source,delivery,delay_mean_ms,delay_median_ms,delay_p95_ms,hops_mean,fm_tx,fm_rx,fm_delay_mean_ms,fm_hops_mean,olsr_packets_s,olsr_bytes_s,olsr_ip_bytes_s,olsr_air_bytes_s,olsr_messages_s,frames_s,data_frames_s,air_s_per_s" > results.csv
echo "scene,load,arp,run,hops,received,delay_mean_ms,delay_median_ms,delay_p05_ms,delay_p95_ms" > hops.csv
echo "scene,load,arp,run,cause,count" > drops.csv
nice ./scene_a --mode=defaults > defaults.txt
nice ./scene_a --mode=links
nice ./link_por > link_por.txt
nice ./scene_b --check=1
for run in 1 2 3 4 5; do
  for step in "light 64 2" "512x1 512 1" "512x2 512 2" "512x3 512 3" "512x4 512 4" "512x8 512 8"; do
    set -- $step; nice ./scene_a --RngRun=$run --load=$1 --bytes=$2 --rate=$3
  done
  nice ./scene_a --RngRun=$run --load=light --arp=0
  nice ./scene_a --RngRun=$run --load=512x2 --bytes=512 --rate=2 --arp=0
  nice ./scene_a --RngRun=$run --load=512x3 --bytes=512 --rate=3 --arp=0
  nice ./scene_a --RngRun=$run --load=512x8 --bytes=512 --rate=8 --arp=0
  for step in "light 64 2" "512x1 512 1" "512x2 512 2" "512x3 512 3" "512x4 512 4" "512x8 512 8"; do
    set -- $step; nice ./scene_a --RngRun=$run --load=$1-random --bytes=$2 --rate=$3 --jitter=1
  done
  nice ./scene_b --RngRun=$run --load=light-random --jitter=1
  for arp in 1 0; do
    nice ./scene_b --RngRun=$run --load=light --arp=$arp
    nice ./scene_b --RngRun=$run --load=fast --speedup=2 --arp=$arp
  done
done

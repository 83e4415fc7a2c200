// What both scenes share: the radio, OLSR, the CBR flows and the measures.
#pragma once
#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <vector>

#include "ns3/core-module.h"
#include "ns3/network-module.h"
#include "ns3/internet-module.h"
#include "ns3/mobility-module.h"
#include "ns3/propagation-module.h"
#include "ns3/wifi-module.h"
#include "ns3/olsr-module.h"
#include "ns3/flow-monitor-module.h"
#include "ns3/applications-module.h"
#include "ns3/traffic-control-module.h"
#include "ns3/neighbor-cache-helper.h"

using namespace ns3;

inline std::vector<std::vector<std::string>> ReadCsv(const std::string& name)
{
    std::ifstream in(name);
    NS_ABORT_MSG_UNLESS(in, "cannot read " << name);
    std::vector<std::vector<std::string>> rows;
    std::string line, cell;
    std::getline(in, line); // header
    while (std::getline(in, line))
    {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        std::vector<std::string> row;
        std::stringstream s(line);
        while (std::getline(s, cell, ',')) row.push_back(cell);
        rows.push_back(row);
    }
    return rows;
}

// Noise that this version reckons with: over 20 MHz, although the channel is 22 MHz wide (MonitorSnifferRx reports it); figure 7 dB.
inline double NoiseDbm() { return 10 * log10(1.3803e-23 * 290 * 20e6 * 1e3) + 7; }

inline NetDeviceContainer InstallRadio(NodeContainer nodes)
{
    YansWifiChannelHelper channel;
    channel.SetPropagationDelay("ns3::ConstantSpeedPropagationDelayModel");
    channel.AddPropagationLoss("ns3::FriisPropagationLossModel", "Frequency", DoubleValue(2.412e9));
    YansWifiPhyHelper phy; // all defaults
    phy.SetChannel(channel.Create());
    WifiMacHelper mac;
    mac.SetType("ns3::AdhocWifiMac");
    WifiHelper wifi;
    wifi.SetStandard(WIFI_STANDARD_80211b);
    wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager",
                                 "DataMode", StringValue("DsssRate1Mbps"),
                                 "ControlMode", StringValue("DsssRate1Mbps"));
    return wifi.Install(phy, mac, nodes);
}

struct Flow
{
    uint32_t src, dst;
    uint64_t tx = 0, refused = 0; // refused: no route at the source when the application sent
    std::set<uint32_t> seen;
    std::vector<double> delayMs;
    std::vector<uint32_t> hops;
};

struct Bench
{
    std::string scene, load;
    uint32_t bytes, run;
    double rate, start, measured;
    bool arp;
    std::string resultsFile, hopsFile, dropsFile;
    std::vector<Flow> flows;
    std::vector<Ptr<Socket>> sockets;
    NodeContainer nodes;
    // counters of the measured window
    uint64_t olsrPackets = 0, olsrBytes = 0, olsrMessages = 0;
    uint64_t frames = 0, frameBytes = 0, dataFrames = 0, ackFrames = 0, broadcastFrames = 0;
    double airS = 0;
    std::map<std::string, uint64_t> drops;
    Ptr<FlowMonitor> monitor;
    bool jitter = false; // each packet at a random moment of its period, instead of at the flow's fixed phase
    Ptr<UniformRandomVariable> moment;

    bool In() const
    {
        double t = Simulator::Now().GetSeconds();
        return t >= start && t < start + measured;
    }

    void Period(uint32_t f, uint32_t seq)
    {
        if (seq >= uint32_t(std::lround(measured * rate))) return;
        Simulator::Schedule(Seconds(moment->GetValue(0, 1.0 / rate)), &Bench::Send, this, f, seq);
        Simulator::Schedule(Seconds(1.0 / rate), &Bench::Period, this, f, seq + 1);
    }

    void Send(uint32_t f, uint32_t seq)
    {
        Flow& flow = flows[f];
        if (Simulator::Now().GetSeconds() >= start + measured) return;
        Ptr<Packet> p = Create<Packet>(bytes - 12);
        SeqTsHeader h;
        h.SetSeq(seq);
        p->AddHeader(h);
        flow.tx++;
        if (sockets[f]->Send(p) < 0) flow.refused++;
        if (!jitter) Simulator::Schedule(Seconds(1.0 / rate), &Bench::Send, this, f, seq + 1);
    }

    void Delivered(const Ipv4Header& ip, Ptr<const Packet> packet, uint32_t)
    {
        if (ip.GetProtocol() != 17) return;
        Ptr<Packet> p = packet->Copy();
        UdpHeader udp;
        p->RemoveHeader(udp);
        if (udp.GetDestinationPort() < 9000 || udp.GetDestinationPort() >= 9000 + flows.size()) return;
        Flow& flow = flows[udp.GetDestinationPort() - 9000];
        SeqTsHeader h;
        p->RemoveHeader(h);
        if (!flow.seen.insert(h.GetSeq()).second) { drops["duplicate_delivery"]++; return; }
        flow.delayMs.push_back((Simulator::Now() - h.GetTs()).GetSeconds() * 1e3);
        flow.hops.push_back(64 - ip.GetTtl() + 1);
    }

    void OlsrTx(const olsr::PacketHeader& h, const olsr::MessageList& messages)
    {
        if (!In()) return;
        olsrPackets++;
        olsrBytes += h.GetPacketLength();
        olsrMessages += messages.size();
    }

    void PhyTx(Ptr<const Packet> p, double)
    {
        if (!In()) return;
        frames++;
        frameBytes += p->GetSize();
        airS += 192e-6 + p->GetSize() * 8e-6;
        WifiMacHeader h;
        p->PeekHeader(h);
        if (h.IsAck()) ackFrames++;
        else if (h.GetAddr1().IsGroup()) broadcastFrames++;
        else if (p->GetSize() == bytes + 64) dataFrames++;
    }

    void IpDrop(const Ipv4Header& h, Ptr<const Packet>, Ipv4L3Protocol::DropReason r, Ptr<Ipv4>, uint32_t)
    {
        if (h.GetDestination().IsBroadcast() || h.GetDestination().IsSubnetDirectedBroadcast(Ipv4Mask("255.255.255.0"))) return;
        const char* n[] = {"?", "ttl", "no_route", "checksum", "down", "route_error", "fragment", "duplicate"};
        drops[std::string("ip_") + n[r]]++;
    }
    void MacDrop(WifiMacDropReason r, Ptr<const WifiMpdu> m)
    {
        const char* n[] = {"mac_queue_full", "mac_expired", "mac_retry_limit", "mac_old"};
        std::string k = n[r];
        if (m->GetHeader().GetAddr1().IsGroup()) k += "_broadcast";
        else if (m->GetSize() != bytes + 64) k += "_arp";
        drops[k]++;
    }
    void ArpDrop(Ptr<const Packet>) { drops["arp_pending"]++; }
    void QueueDrop(Ptr<const QueueDiscItem>) { drops["queue_disc"]++; }

    void Install(NodeContainer all, NetDeviceContainer devices)
    {
        nodes = all;
        OlsrHelper olsr; // HELLO 2 s, TC 5 s, MID 5 s, HNA 5 s, willingness default
        InternetStackHelper stack;
        stack.SetRoutingHelper(olsr);
        stack.Install(nodes);
        Ipv4AddressHelper address;
        address.SetBase("10.0.0.0", "255.255.255.0");
        Ipv4InterfaceContainer interfaces = address.Assign(devices);
        if (!arp) { NeighborCacheHelper cache; cache.PopulateNeighborCache(); }

        for (uint32_t i = 0; i < nodes.GetN(); i++)
        {
            Ptr<Node> node = nodes.Get(i);
            Ptr<Ipv4L3Protocol> ip = node->GetObject<Ipv4L3Protocol>();
            ip->TraceConnectWithoutContext("LocalDeliver", MakeCallback(&Bench::Delivered, this));
            ip->TraceConnectWithoutContext("Drop", MakeCallback(&Bench::IpDrop, this));
            ip->GetRoutingProtocol()->TraceConnectWithoutContext("Tx", MakeCallback(&Bench::OlsrTx, this));
            Ptr<WifiNetDevice> dev = DynamicCast<WifiNetDevice>(devices.Get(i));
            dev->GetPhy()->TraceConnectWithoutContext("PhyTxBegin", MakeCallback(&Bench::PhyTx, this));
            dev->GetMac()->TraceConnectWithoutContext("DroppedMpdu", MakeCallback(&Bench::MacDrop, this));
            Ptr<ArpL3Protocol> a = node->GetObject<ArpL3Protocol>();
            if (a) a->TraceConnectWithoutContext("Drop", MakeCallback(&Bench::ArpDrop, this));
            Ptr<QueueDisc> q = node->GetObject<TrafficControlLayer>()->GetRootQueueDiscOnDevice(dev);
            if (q) q->TraceConnectWithoutContext("Drop", MakeCallback(&Bench::QueueDrop, this));
        }

        Ptr<UniformRandomVariable> phase = CreateObject<UniformRandomVariable>();
        for (auto& row : ReadCsv("flows.csv"))
        {
            if (row[0] != scene) continue;
            uint32_t f = flows.size();
            Flow flow;
            flow.src = std::stoul(row[2]);
            flow.dst = std::stoul(row[3]);
            flows.push_back(flow);
            UdpServerHelper server(9000 + f);
            server.Install(nodes.Get(flow.dst));
            Ptr<Socket> s = Socket::CreateSocket(nodes.Get(flow.src), UdpSocketFactory::GetTypeId());
            s->Bind(InetSocketAddress(Ipv4Address::GetAny(), 10000 + f));
            s->Connect(InetSocketAddress(interfaces.GetAddress(flow.dst), 9000 + f));
            sockets.push_back(s);
            if (jitter)
            {
                if (!moment) moment = CreateObject<UniformRandomVariable>();
                Simulator::Schedule(Seconds(start), &Bench::Period, this, f, 0u);
                continue;
            }
            Simulator::Schedule(Seconds(start + phase->GetValue(0, 1.0 / rate)), &Bench::Send, this, f, 0u);
        }
    }

    static double Quantile(std::vector<double> v, double q)
    {
        if (v.empty()) return NAN;
        std::sort(v.begin(), v.end());
        double x = q * (v.size() - 1);
        size_t i = x;
        return i + 1 < v.size() ? v[i] + (x - i) * (v[i + 1] - v[i]) : v[i];
    }
    static double Mean(const std::vector<double>& v)
    {
        double s = 0;
        for (double x : v) s += x;
        return v.empty() ? NAN : s / v.size();
    }

    void Run()
    {
        FlowMonitorHelper helper;
        monitor = helper.InstallAll();
        Simulator::Stop(Seconds(start + measured + 15));
        Simulator::Run();
        monitor->CheckForLostPackets();
        Ptr<Ipv4FlowClassifier> classifier = DynamicCast<Ipv4FlowClassifier>(helper.GetClassifier());
        std::map<uint16_t, FlowMonitor::FlowStats> stats;
        for (auto& [id, s] : monitor->GetFlowStats())
        {
            auto t = classifier->FindFlow(id);
            if (t.destinationPort >= 9000 && t.destinationPort < 9000 + flows.size()) stats[t.destinationPort - 9000] = s;
        }
        std::ofstream out(resultsFile, std::ios::app), hopsOut(hopsFile, std::ios::app), dropsOut(dropsFile, std::ios::app);
        uint64_t tx = 0, rx = 0, refused = 0, ftx = 0, frx = 0, forwarded = 0;
        double delaySum = 0;
        std::vector<double> delays;
        std::map<uint32_t, std::vector<double>> byHops;
        double hopSum = 0;
        auto line = [&](const std::string& f, const std::string& s, const std::string& d, uint64_t tx, uint64_t rx,
                        uint64_t refused, const std::vector<double>& delays, double hops, uint64_t ftx, uint64_t frx,
                        double fdelay, double fhops) {
            out << scene << ',' << load << ',' << bytes << ',' << rate << ',' << arp << ',' << run << ',' << f << ',' << s << ','
                << d << ',' << tx << ',' << rx << ',' << refused << ',' << double(rx) / tx << ',' << Mean(delays) << ','
                << Quantile(delays, 0.5) << ',' << Quantile(delays, 0.95) << ',' << hops << ',' << ftx << ',' << frx << ','
                << fdelay << ',' << fhops;
        };
        out.precision(6);
        for (uint32_t f = 0; f < flows.size(); f++)
        {
            Flow& w = flows[f];
            auto& s = stats[f];
            double h = 0;
            for (size_t i = 0; i < w.hops.size(); i++) { h += w.hops[i]; byHops[w.hops[i]].push_back(w.delayMs[i]); }
            uint64_t n = w.delayMs.size();
            line(std::to_string(f), std::to_string(w.src), std::to_string(w.dst), w.tx, n, w.refused, w.delayMs, n ? h / n : NAN,
                 s.txPackets, s.rxPackets, s.rxPackets ? s.delaySum.GetSeconds() * 1e3 / s.rxPackets : NAN,
                 s.rxPackets ? 1 + double(s.timesForwarded) / s.rxPackets : NAN);
            out << ",,,,,,,,\n";
            tx += w.tx; rx += n; refused += w.refused; hopSum += h;
            delays.insert(delays.end(), w.delayMs.begin(), w.delayMs.end());
            ftx += s.txPackets; frx += s.rxPackets; forwarded += s.timesForwarded; delaySum += s.delaySum.GetSeconds() * 1e3;
        }
        line("all", "", "", tx, rx, refused, delays, hopSum / rx, ftx, frx, delaySum / frx, 1 + double(forwarded) / frx);
        // Overhead: of the whole network, per second. IP bytes: OLSR packet + UDP and IP header (28). Air: + LLC, MAC, FCS (36).
        out << ',' << olsrPackets / measured << ',' << olsrBytes / measured << ',' << (olsrBytes + 28.0 * olsrPackets) / measured << ','
            << (olsrBytes + 64.0 * olsrPackets) / measured << ',' << olsrMessages / measured << ',' << frames / measured << ','
            << dataFrames / measured << ',' << airS / measured << '\n';
        for (auto& [h, v] : byHops)
            hopsOut << scene << ',' << load << ',' << arp << ',' << run << ',' << h << ',' << v.size() << ',' << Mean(v) << ','
                    << Quantile(v, 0.5) << ',' << Quantile(v, 0.05) << ',' << Quantile(v, 0.95) << '\n';
        for (auto& [k, n] : drops)
            dropsOut << scene << ',' << load << ',' << arp << ',' << run << ',' << k << ',' << n << '\n';
        std::cout << scene << ' ' << load << " arp " << arp << " run " << run << ": " << rx << '/' << tx << " = " << double(rx) / tx << ", mean "
                  << Mean(delays) << " ms, median " << Quantile(delays, .5) << ", hops " << hopSum / rx << ", refused " << refused << std::endl;
        Simulator::Destroy();
    }

    void Arguments(CommandLine& cmd)
    {
        cmd.AddValue("load", "name of the load step", load);
        cmd.AddValue("bytes", "UDP payload, bytes", bytes);
        cmd.AddValue("rate", "packets per second and flow", rate);
        cmd.AddValue("start", "warm-up, s", start);
        cmd.AddValue("measured", "measured time, s", measured);
        cmd.AddValue("arp", "0: neighbour caches filled beforehand", arp);
        cmd.AddValue("jitter", "1: each packet at a random moment of its period", jitter);
        cmd.AddValue("results", "file to append to", resultsFile);
        cmd.AddValue("hops", "file to append to", hopsFile);
        cmd.AddValue("drops", "file to append to", dropsFile);
    }
};

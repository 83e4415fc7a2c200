// Scene A: 25 nodes that stay, OLSR, ten flows. Also: --mode=links (each pair alone), --mode=defaults.
#include "common.h"

static std::vector<std::vector<uint32_t>> g_got;
static uint32_t g_sender;

static void Links(NodeContainer nodes, NetDeviceContainer devices, uint32_t packets)
{
    uint32_t n = nodes.GetN();
    g_got.assign(n, std::vector<uint32_t>(n, 0));
    for (uint32_t i = 0; i < n; i++)
    {
        PacketSocketHelper helper;
        helper.Install(nodes.Get(i));
        devices.Get(i)->SetReceiveCallback(Callback<bool, Ptr<NetDevice>, Ptr<const Packet>, uint16_t, const Address&>(
            [i](Ptr<NetDevice>, Ptr<const Packet>, uint16_t, const Address&) { g_got[g_sender][i]++; return true; }));
    }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < packets; k++)
            Simulator::Schedule(Seconds(1 + (i * packets + k) * 0.01), [=]() {
                g_sender = i;
                devices.Get(i)->Send(Create<Packet>(92), devices.Get(i)->GetBroadcast(), 0x0800); // 64 + 28: 128-byte frames
            });
    Simulator::Run();
    Ptr<YansWifiChannel> channel = DynamicCast<YansWifiChannel>(devices.Get(0)->GetChannel());
    Ptr<FriisPropagationLossModel> friis = CreateObject<FriisPropagationLossModel>();
    friis->SetFrequency(2.412e9);
    std::ofstream out("links_a.csv");
    out << "tx,rx,distance_m,rx_dbm,snr_db,sent,received\n";
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++)
        {
            if (i == j) continue;
            auto a = nodes.Get(i)->GetObject<MobilityModel>(), b = nodes.Get(j)->GetObject<MobilityModel>();
            double p = friis->CalcRxPower(16.0206, a, b);
            out << i << ',' << j << ',' << a->GetDistanceFrom(b) << ',' << p << ',' << p - NoiseDbm() << ','
                << packets << ',' << g_got[i][j] << '\n';
        }
}

static void Defaults(Ptr<WifiNetDevice> dev)
{
    auto show = [](Ptr<Object> o) {
        if (!o) return;
        TypeId id = o->GetInstanceTypeId();
        std::cout << "== " << id.GetName() << '\n';
        for (TypeId t = id; t.HasParent(); t = t.GetParent())
            for (uint32_t k = 0; k < t.GetAttributeN(); k++)
            {
                auto info = t.GetAttribute(k);
                if (!(info.flags & TypeId::ATTR_GET) || !info.accessor->HasGetter()) continue;
                Ptr<AttributeValue> v = info.initialValue->Copy();
                if (o->GetAttributeFailSafe(info.name, *v)) std::cout << "  " << info.name << " = " << v->SerializeToString(info.checker) << '\n';
            }
    };
    show(dev->GetPhy());
    show(dev->GetMac());
    PointerValue txop;
    dev->GetMac()->GetAttribute("Txop", txop);
    show(txop.Get<Object>());
    show(txop.Get<Txop>()->GetWifiMacQueue());
    show(dev->GetRemoteStationManager());
    Ptr<Node> node = dev->GetNode();
    if (auto ip = node->GetObject<Ipv4>())
    {
        show(ip->GetRoutingProtocol());
        show(node->GetObject<ArpL3Protocol>());
        show(DynamicCast<Ipv4L3Protocol>(ip)->GetInterface(1)->GetArpCache());
        show(node->GetObject<TrafficControlLayer>()->GetRootQueueDiscOnDevice(dev));
    }
    Ptr<YansWifiPhy> phy = DynamicCast<YansWifiPhy>(dev->GetPhy());
    std::cout << "width " << phy->GetChannelWidth() << " MHz, frequency " << phy->GetFrequency() << " MHz, slot " << phy->GetSlot()
              << ", SIFS " << phy->GetSifs() << ", PIFS " << phy->GetPifs() << ", ack " << phy->GetAckTxTime() << '\n';
    auto show2 = [&](const std::string& name) {
        TypeId t = TypeId::LookupByName(name);
        for (uint32_t k = 0; k < t.GetAttributeN(); k++)
            std::cout << "  " << name << "::" << t.GetAttribute(k).name << " default " << t.GetAttribute(k).initialValue->SerializeToString(t.GetAttribute(k).checker) << '\n';
    };
    show2("ns3::ThresholdPreambleDetectionModel");
    show2("ns3::FriisPropagationLossModel");
    show2("ns3::TableBasedErrorRateModel");
    show2("ns3::WifiRemoteStationManager");
    show2("ns3::WifiMacQueue");
}

int main(int argc, char** argv)
{
    Bench bench{"a", "light", 64, 1, 2, 30, 120, true, "results.csv", "hops.csv", "drops.csv"};
    std::string mode = "run";
    CommandLine cmd;
    bench.Arguments(cmd);
    cmd.AddValue("mode", "run, links or defaults", mode);
    cmd.Parse(argc, argv);
    bench.run = RngSeedManager::GetRun();

    auto rows = ReadCsv("positions_a.csv");
    NodeContainer nodes;
    nodes.Create(rows.size());
    Ptr<ListPositionAllocator> list = CreateObject<ListPositionAllocator>();
    for (auto& r : rows) list->Add(Vector(std::stod(r[1]), std::stod(r[2]), 0));
    MobilityHelper mobility;
    mobility.SetPositionAllocator(list);
    mobility.SetMobilityModel("ns3::ConstantPositionMobilityModel");
    mobility.Install(nodes);
    NetDeviceContainer devices = InstallRadio(nodes);
    if (mode == "links") { Links(nodes, devices, 200); return 0; }
    bench.Install(nodes, devices);
    if (mode == "defaults") { Simulator::Stop(Seconds(0.001)); Simulator::Run(); Defaults(DynamicCast<WifiNetDevice>(devices.Get(0))); return 0; }
    bench.Run();
}

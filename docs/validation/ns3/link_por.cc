// Packet success of one link: measured by two nodes with the default receiver, and with its preamble detection
// switched off so that the error model alone decides; and the error model's own curve. Also capture: two senders.
#include "common.h"

static uint32_t g_got;

static uint32_t Measure(double rssi, uint32_t payload, uint32_t packets, bool preamble, double interferer = -1e9, double offsetUs = 0)
{
    NodeContainer nodes;
    nodes.Create(3);
    MobilityHelper mobility;
    mobility.SetMobilityModel("ns3::ConstantPositionMobilityModel");
    mobility.Install(nodes); // all at the origin, powers from a matrix
    Ptr<MatrixPropagationLossModel> loss = CreateObject<MatrixPropagationLossModel>();
    loss->SetDefaultLoss(500);
    loss->SetLoss(nodes.Get(0)->GetObject<MobilityModel>(), nodes.Get(1)->GetObject<MobilityModel>(), 16.0206 - rssi);
    if (interferer > -1e8)
        loss->SetLoss(nodes.Get(2)->GetObject<MobilityModel>(), nodes.Get(1)->GetObject<MobilityModel>(), 16.0206 - interferer);
    Ptr<YansWifiChannel> channel = CreateObject<YansWifiChannel>();
    channel->SetPropagationLossModel(loss);
    channel->SetPropagationDelayModel(CreateObject<ConstantSpeedPropagationDelayModel>());
    YansWifiPhyHelper phy;
    phy.SetChannel(channel);
    if (!preamble) { phy.DisablePreambleDetectionModel(); phy.Set("RxSensitivity", DoubleValue(-150)); }
    WifiMacHelper mac;
    mac.SetType("ns3::AdhocWifiMac");
    WifiHelper wifi;
    wifi.SetStandard(WIFI_STANDARD_80211b);
    wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager", "DataMode", StringValue("DsssRate1Mbps"), "ControlMode", StringValue("DsssRate1Mbps"));
    NetDeviceContainer d = wifi.Install(phy, mac, nodes);
    g_got = 0;
    Address from = d.Get(0)->GetAddress();
    for (uint32_t i = 0; i < 3; i++) { PacketSocketHelper h; h.Install(nodes.Get(i)); }
    d.Get(1)->SetReceiveCallback(Callback<bool, Ptr<NetDevice>, Ptr<const Packet>, uint16_t, const Address&>(
        [from](Ptr<NetDevice>, Ptr<const Packet>, uint16_t, const Address& a) { if (a == from) g_got++; return true; }));
    for (uint32_t k = 0; k < packets; k++)
    {
        Simulator::Schedule(Seconds(1 + k * 0.05), [=]() { d.Get(0)->Send(Create<Packet>(payload + 28), d.Get(0)->GetBroadcast(), 0x0800); });
        if (interferer > -1e8)
            Simulator::Schedule(Seconds(1 + k * 0.05) + NanoSeconds(int64_t(offsetUs * 1000)), [=]() { d.Get(2)->Send(Create<Packet>(payload + 28), d.Get(2)->GetBroadcast(), 0x0800); });
    }
    Simulator::Stop(Seconds(2 + packets * 0.05));
    Simulator::Run();
    Simulator::Destroy();
    return g_got;
}

int main(int argc, char** argv)
{
    CommandLine cmd;
    cmd.Parse(argc, argv);
    double noise = NoiseDbm();
    std::cout << "noise floor " << noise << " dBm\n";
    // The error model's own curve, by frame: 128 and 576 bytes of frame, 48 bits of header besides.
    std::vector<uint32_t> payloads{64, 512};
    auto frame = [](double snrDb, uint32_t payload) {
        double s = std::pow(10, snrDb / 10);
        return DsssErrorRateModel::GetDsssDbpskSuccessRate(s, 48 + 8 * (payload + 64));
    };
    for (uint32_t b : payloads)
        for (double want : {0.1, 0.5, 0.9, 0.99})
        {
            double lo = -20, hi = 20;
            for (int k = 0; k < 60; k++) (frame((lo + hi) / 2, b) < want ? lo : hi) = (lo + hi) / 2;
            std::cout << b << " B payload: success " << want << " at SNR " << lo << " dB, " << lo + noise << " dBm\n";
        }
    std::ofstream por("por.csv");
    por << "snr_db,rx_dbm,payload_bytes,model,measured_no_preamble_threshold,measured_default\n";
    uint32_t n = 2000;
    for (uint32_t b : payloads)
    {
        for (double snr = -9; snr <= 1.01; snr += 0.25)
            por << snr << ',' << noise + snr << ',' << b << ',' << frame(snr, b) << ',' << Measure(noise + snr, b, n, false) / double(n) << ',' << Measure(noise + snr, b, n, true) / double(n) << '\n';
        for (double p : {-83.0, -82.5, -82.1, -82.01, -81.99, -81.9, -81.5, -81.0, -80.0, -70.0})
            por << p - noise << ',' << p << ',' << b << ',' << frame(p - noise, b) << ',' << Measure(p, b, n, false) / double(n) << ',' << Measure(p, b, n, true) / double(n) << '\n';
    }
    // Capture: a second sender that the first cannot hear, at `sir` dB below the wanted one, starting `offset` µs after it.
    std::ofstream cap("capture.csv");
    cap << "payload_bytes,wanted_dbm,sir_db,interferer_starts_us_later,success\n";
    for (double off : {-300.0, -1.0, 1.0, 10.0, 300.0})
        for (double sir : {-20.0, -10.0, -6.0, -5.0, -4.5, -4.0, -3.5, -3.0, -2.0, 0.0, 2.0, 3.0, 4.0, 4.5, 5.0, 6.0, 10.0, 20.0})
            cap << 64 << ',' << -70 << ',' << sir << ',' << off << ',' << Measure(-70, 64, 200, true, -70 - sir, off) / 200.0 << '\n';
}

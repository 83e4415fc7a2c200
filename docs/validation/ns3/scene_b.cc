// Scene B: 30 nodes on waypoints, OLSR, ten flows. --speedup=2 follows the same waypoints at twice the speed.
#include "common.h"

int main(int argc, char** argv)
{
    Bench bench{"b", "light", 64, 1, 2, 30, 300, true, "results.csv", "hops.csv", "drops.csv"};
    double speedup = 1;
    CommandLine cmd;
    bench.Arguments(cmd);
    cmd.AddValue("speedup", "times of the waypoints are divided by this", speedup);
    bool check = false;
    cmd.AddValue("check", "only compare positions with trajectories_b.csv", check);
    cmd.Parse(argc, argv);
    bench.run = RngSeedManager::GetRun();

    std::vector<std::vector<Waypoint>> ways;
    for (auto& r : ReadCsv("waypoints_b.csv"))
    {
        size_t n = std::stoul(r[0]);
        if (n >= ways.size()) ways.resize(n + 1);
        ways[n].push_back(Waypoint(Seconds(std::stod(r[1]) / speedup), Vector(std::stod(r[2]), std::stod(r[3]), 0)));
    }
    NodeContainer nodes;
    nodes.Create(ways.size());
    for (uint32_t i = 0; i < ways.size(); i++)
    {
        Ptr<WaypointMobilityModel> m = CreateObject<WaypointMobilityModel>();
        nodes.Get(i)->AggregateObject(m);
        for (auto& w : ways[i]) m->AddWaypoint(w);
    }
    if (check)
    {
        double worst = 0;
        for (auto& r : ReadCsv("trajectories_b.csv"))
        {
            auto m = nodes.Get(std::stoul(r[0]))->GetObject<MobilityModel>();
            Vector want(std::stod(r[2]), std::stod(r[3]), 0);
            Simulator::Schedule(Seconds(std::stod(r[1])), [m, want, &worst]() { worst = std::max(worst, CalculateDistance(m->GetPosition(), want)); });
        }
        Simulator::Run();
        std::cout << "largest distance from trajectories_b.csv: " << worst << " m\n";
        return 0;
    }
    NetDeviceContainer devices = InstallRadio(nodes);
    bench.Install(nodes, devices);
    bench.Run();
}

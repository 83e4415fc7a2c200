//! probe
use std::sync::Arc;
use tercio::{app::*, kernel::schedule::Phase, kernel::messages::Buffer, platform::class::Catalogue, scenario::load::load_scenario};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let catalogue = Arc::new(Catalogue::shipped());
    let loaded = match load_scenario(std::path::Path::new(&args[1]), &args[3..], &catalogue) { Ok(l) => l, Err(e) => { println!("{e:?}"); return; } };
    let t0 = std::time::Instant::now();
    let mut sim = Simulation::new(&loaded, &catalogue, &RunOptions { seed: 1, until_s: args[2].parse().ok(), oracle: false }).unwrap();
    println!("built {:?} units {}", t0.elapsed(), sim.entities());
    let times = Arc::new(std::sync::Mutex::new((std::collections::BTreeMap::<Phase, f64>::new(), std::time::Instant::now(), Phase::Inject)));
    let t2 = times.clone();
    sim.set_phase_hook(Box::new(move |p| { let mut g = t2.lock().unwrap(); let now = std::time::Instant::now(); let dt = (now - g.1).as_secs_f64(); let last = g.2; *g.0.entry(last).or_default() += dt; g.1 = now; g.2 = p; }));
    let t0 = std::time::Instant::now();
    let (mut det, mut shots, mut prop, mut ruled, mut adj, mut carried, mut lost) = (0,0,0,0,0,0,0);
    while !sim.is_over() {
        sim.step().unwrap();
        let w = sim.world();
        let _ = &w;
        det += 0; let _ = (&mut det,&mut shots,&mut prop,&mut ruled,&mut adj,&mut carried,&mut lost);
    }
    let el = t0.elapsed().as_secs_f64();
    println!("sim {} s in {:.2} s = {:.0}x  hash {:016x}", sim.now_s(), el, sim.now_s()/el, sim.state_hash());
    for (p, t) in &times.lock().unwrap().0 { println!("  {p:?} {t:.3}"); }
    let w = sim.world();
    let index = w.resource::<tercio::kernel::ids::UnitIndex>();
    let mut tracks = 0; let mut dead = 0; let mut idle=0;
    for (_, row) in index.iter() {
        tracks += w.get::<tercio::picture::TrackStore>(row.entity).unwrap().tracks().iter().filter(|t| t.confirmed).count();
        if w.get::<tercio::platform::damage::Damage>(row.entity).unwrap().is_destroyed() { dead += 1; println!("dead {}", row.name); }
        if w.get::<tercio::platform::course::Course>(row.entity).unwrap().is_idle() { idle += 1; }
    }
    println!("tracks {tracks} dead {dead} idle {idle} transit {}", w.resource::<tercio::comms::Transit>().len());
    let l = w.resource::<tercio::command::Ledger>();
    println!("ledger {:?}", format!("{l:?}").len());
    let _ = Buffer::<u8>::default();
}

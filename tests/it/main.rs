//! Whole runs, whole files, whole folders: what the rooms do together. One binary, so that they are
//! linked once.
//!
//! | File | What it asks |
//! |---|---|
//! | [`determinism`] | is the same run the same, bit for bit, however it is run? |
//! | [`null`] | do the sharing regimes differ only where somebody may not pass something on? |
//! | [`swap`] | does any system look at the name or the number of a side? |
//! | [`hostile`] | is hostile input refused, with a finding that helps? |
//! | [`scenarios`] | does every shipped scenario run? |
//! | [`ambiguity`] | is the order of every two systems that touch the same data given? |
//! | [`auction`] | do units agree over the mesh as the pure solvers do, and keep nothing that another has? |
//! | [`attrition`] | do weapons fight as closed forms of combat say? |
//! | [`counter_battery`] | are weapons placed by their shells, and answered on leave only? |
//! | [`defence`] | do crews stop munitions in flight as often as they should, and on leave only? |
//! | [`emitters`] | is who radiates heard, found and lost; are false places believed? |
//! | [`endurance`] | is what is left in tanks and batteries measured over the right ones? |
//! | [`engage`] | does nobody fire without leave, and does anybody fire with it? |
//! | [`harm`] | do the blind see nothing, and do the pinned lie low? |
//! | [`intercept`] | does a ship stop missiles by its own radars and crews, and does all of it come out again? |
//! | [`jamming`] | do jammers take satellites away, and give them back; are spoofers followed, and found out? |
//! | [`link`] | does a shooter that no longer hears its desk hold its fire? |
//! | [`person`] | does a person at a desk decide, and can the run be repeated? |
//! | [`planner`] | are planners beside the simulator charged, recorded and never trusted? |
//! | [`relays`] | do free aircraft relay where others would lose touch? |
//! | [`reporters`] | does everybody say where it is as often as its reporter does? |
//! | [`self_defence`] | do those who hold their fire fire back, and only then? |
//! | [`mesh`] | are ways found, lost and found again, and what has none carried? |
//! | [`ground`] | do forests, roads, mud, tides, wind and night do what they should, and nothing unasked? |
//! | [`micro`] | a few units with weapons and nothing else, for those |
//! | [`mirror`] | do equal sides fare equally, and does sharing help nobody who needs none? |
//! | [`cyber`] | does a node in other hands tell, drop and claim what passes it, and no more; does naive fusion grow too sure? |
//! | [`convergence`] | do a shorter tick and finer terrain change no finding? |
//! | [`motion`] | do groups keep together, and are posts and plans where they see and are heard? |
//! | [`network`] | does a run say of its network what happened to it? |
//! | [`explain`] | is it told why something died, computed again, and refused where it was changed? |
//! | [`export`] | do only sound plans of unarmed, uncrewed vehicles leave, and nothing else with them? |
//! | [`export_clients`] | does real software load them? |
//! | [`calc`] | do models give published numbers, and refuse what they cannot answer? |
//! | [`study`] | do studies survive kills, threads and mistakes? |
//! | [`error_codes`] | is every code documented? |
//! | `viewer` | with the feature: does the viewer show what is there, and change nothing? |

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail as tests do: by stopping"
)]

mod airspace;
mod ambiguity;
mod attrition;
mod auction;
mod calc;
mod command;
mod convergence;
mod counter_battery;
mod cyber;
mod defence;
mod determinism;
mod emitters;
mod endurance;
mod engage;
mod error_codes;
mod explain;
mod export;
mod export_clients;
mod flagships;
mod ground;
mod harm;
mod hostile;
mod intercept;
mod jamming;
mod link;
mod lockstep;
mod mesh;
mod micro;
mod mirror;
mod motion;
mod network;
mod null;
mod person;
mod planner;
mod relays;
mod reporters;
mod scenarios;
mod self_defence;
mod sharing;
mod silence;
mod solve;
mod study;
mod support;
mod swap;
#[cfg(feature = "viewer")]
mod viewer;

//! Who uses which resources: one column per target, no resource used beyond its capacity.
//!
//! What weapon-target and sensor-weapon-target assignment have in common. A [`Column`] is one way
//! to serve one target, a multiset of resources with a cost; the sum of the costs is to be least.
//! [`dual`] looks for prices and the bound that they prove, [`master`] solves the linear relaxation over
//! the columns in play, [`integer`] the problem itself, with the [`cuts`] that its relaxation needs,
//! and [`prove`] runs them. Where columns come from is their users' affair ([`Pricing`]).

mod column;
mod cuts;
mod dual;
mod integer;
mod master;
mod prove;
#[cfg(test)]
mod tests;

pub(super) use column::{Column, Pool};
pub(super) use dual::{Priced, Pricing, Search};
pub(super) use master::Mixture;

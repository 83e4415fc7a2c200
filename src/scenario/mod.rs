//! F12: scenario files. Text becomes a spanned tree ([`tree`]), `--set` edits the tree
//! ([`set`]), serde makes it typed ([`convert`], [`schema`]), one function per rule checks what no
//! type can say ([`validate`]), and [`load`] is the only part that touches files.

mod asset_path;
pub mod assets;
pub mod convert;
mod convert_error;
mod convert_value;
pub mod ground;
mod lexer;
pub mod load;
pub mod order_of_battle;
mod packet_rates;
mod parse;
pub mod placement;
pub mod read;
mod render;
pub mod schema;
pub mod set;
pub mod spawn;
pub mod suggest;
pub mod tree;
pub mod validate;

#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod tests;

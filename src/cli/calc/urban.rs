//! `calc` of radio among buildings: Hata and COST 231, ITU-R P.1411, Kun.

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::Reply;
use super::args::{bounded, within};
use crate::cli::error::CliError;
use crate::kernel::math::hypot;
use crate::spectrum::model::propagation::free_space_loss_db;
use crate::spectrum::model::urban::{self, Blocks, Environment, MobilePath, kun_2600_mhz_loss_db};

/// Arguments of `calc pathloss-hata`.
#[derive(Debug, Args)]
pub(super) struct HataArgs {
    /// Frequency, MHz: Hata's formula up to 1500, that of COST 231 beyond; good from 150 to 2000.
    #[arg(long, value_name = "MHZ", value_parser = within::<30, 3000>)]
    freq_mhz: f64,
    /// Distance, m; the model is good from 1000 to 20000.
    #[arg(long, value_name = "M", value_parser = within::<100, 100_000>)]
    distance_m: f64,
    /// Height of the base station's antenna above ground, m; the model is good from 30 to 200.
    #[arg(long, value_name = "M", value_parser = within::<1, 1000>)]
    base_m: f64,
    /// Height of the mobile's antenna above ground, m; the model is good to 10.
    #[arg(long, value_name = "M", value_parser = mobile_m)]
    mobile_m: f64,
    /// What stands around the mobile.
    #[arg(long, value_enum, default_value_t = Around::Urban)]
    environment: Around,
    /// How large the city is that the path lies in or near.
    #[arg(long, value_enum, default_value_t = City::Large)]
    city: City,
}

/// Arguments of `calc pathloss-p1411`.
#[derive(Debug, Args)]
pub(super) struct StreetArgs {
    /// Frequency, MHz; the models are good from 300 (along a street) or 800 (over roofs) to 5000.
    #[arg(long, value_name = "MHZ", value_parser = within::<300, 15_000>)]
    freq_mhz: f64,
    /// Distance along the ground, m.
    #[arg(long, value_name = "M", value_parser = within::<10, 20_000>)]
    distance_m: f64,
    /// Height of the base station's antenna above ground, m.
    #[arg(long, value_name = "M", value_parser = within::<1, 200>)]
    base_m: f64,
    /// Height of the mobile's antenna above ground, m.
    #[arg(long, value_name = "M", value_parser = mobile_m)]
    mobile_m: f64,
    /// Which way the waves go.
    #[arg(long, value_enum, default_value_t = Way::Street)]
    way: Way,
    /// Over roofs: their height above ground, m.
    #[arg(long, value_name = "M", default_value_t = 20.0, value_parser = within::<2, 300>)]
    roof_m: f64,
    /// Over roofs: width of the streets, m.
    #[arg(long, value_name = "M", default_value_t = 20.0, value_parser = within::<1, 200>)]
    street_m: f64,
    /// Over roofs: angle between the mobile's street and the path, degrees.
    #[arg(long, value_name = "DEG", default_value_t = 45.0, value_parser = within::<0, 90>)]
    street_angle_deg: f64,
    /// Over roofs: distance from row to row of buildings, m.
    #[arg(long, value_name = "M", default_value_t = 50.0, value_parser = within::<5, 500>)]
    separation_m: f64,
    /// Over roofs: length of the path that buildings cover, m.
    #[arg(long, value_name = "M", default_value_t = 80.0, value_parser = within::<1, 20_000>)]
    extent_m: f64,
    /// Over roofs: how large the city is.
    #[arg(long, value_enum, default_value_t = City::Large)]
    city: City,
}

/// Arguments of `calc pathloss-kun`.
#[derive(Debug, Args)]
pub(super) struct KunArgs {
    /// Distance, m; the model is good from about 100 to 5000.
    #[arg(long, value_name = "M", value_parser = within::<10, 100_000>)]
    distance_m: f64,
}

/// What stands around a mobile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Around {
    /// City.
    Urban,
    /// Suburb.
    Suburban,
    /// Open land.
    Open,
}

/// Sizes of cities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum City {
    /// Metropolitan.
    Large,
    /// Small or medium.
    Small,
}

impl From<City> for urban::City {
    fn from(city: City) -> Self {
        match city {
            City::Large => Self::Large,
            City::Small => Self::Small,
        }
    }
}

/// Ways among buildings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Way {
    /// Along a street, within sight.
    Street,
    /// Over rooftops, without sight.
    Rooftop,
}

/// Reads the height of a mobile's antenna, m.
fn mobile_m(text: &str) -> Result<f64, String> {
    bounded(text, 0.5, 30.0)
}

/// Loss among buildings.
#[derive(Debug, Serialize)]
struct Urban {
    /// Median loss, dB.
    loss_db: f64,
    /// Loss in free space, dB.
    free_space_db: f64,
    /// Along a street: the bound below, dB.
    #[serde(skip_serializing_if = "Option::is_none")]
    lower_db: Option<f64>,
    /// Along a street: the bound above, dB.
    #[serde(skip_serializing_if = "Option::is_none")]
    upper_db: Option<f64>,
}

impl Urban {
    /// Tells the result.
    fn tell(&self, reply: Reply<'_>) -> Result<(), CliError> {
        let bounds = match (self.lower_db, self.upper_db) {
            (Some(lower), Some(upper)) => format!(", bounds {lower:.2} and {upper:.2} dB"),
            _ => String::new(),
        };
        let text = format!(
            "{:.2} dB{bounds}; {:.2} dB of it in free space",
            self.loss_db, self.free_space_db
        );
        reply.tell(self, &text)
    }
}

/// Loss by Hata or COST 231.
pub(super) fn hata(args: &HataArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let path = MobilePath {
        frequency_mhz: args.freq_mhz,
        distance_m: args.distance_m,
        base_m: args.base_m,
        mobile_m: args.mobile_m,
    };
    let environment = match args.environment {
        Around::Urban => Environment::Urban,
        Around::Suburban => Environment::Suburban,
        Around::Open => Environment::Open,
    };
    let result = Urban {
        loss_db: path.hata_loss_db(environment, args.city.into()),
        free_space_db: free_space_loss_db(1e6 * args.freq_mhz, args.distance_m),
        lower_db: None,
        upper_db: None,
    };
    result.tell(reply)
}

/// Loss along a street or over roofs.
pub(super) fn street(args: &StreetArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let path = MobilePath {
        frequency_mhz: args.freq_mhz,
        distance_m: hypot(args.distance_m, args.base_m - args.mobile_m),
        base_m: args.base_m,
        mobile_m: args.mobile_m,
    };
    let free_space_db = free_space_loss_db(1e6 * args.freq_mhz, path.distance_m);
    let result = match args.way {
        Way::Street => {
            let [lower_db, upper_db] = path.street_canyon_bounds_db();
            Urban {
                loss_db: path.street_canyon_loss_db(),
                free_space_db,
                lower_db: Some(lower_db),
                upper_db: Some(upper_db),
            }
        }
        Way::Rooftop => Urban {
            loss_db: path.rooftop_loss_db(&blocks(args)?),
            free_space_db,
            lower_db: None,
            upper_db: None,
        },
    };
    result.tell(reply)
}

/// The buildings of a path over roofs.
fn blocks(args: &StreetArgs) -> Result<Blocks, CliError> {
    if args.roof_m <= args.mobile_m {
        return Err(CliError::Input(format!(
            "the mobile at {} m is not below the roofs at {} m",
            args.mobile_m, args.roof_m
        )));
    }
    Ok(Blocks {
        roof_m: args.roof_m,
        street_width_m: args.street_m,
        street_angle_deg: args.street_angle_deg,
        separation_m: args.separation_m,
        extent_m: args.extent_m,
        city: args.city.into(),
    })
}

/// Loss at 2.6 GHz in a suburb.
pub(super) fn kun(args: &KunArgs, reply: Reply<'_>) -> Result<(), CliError> {
    let result = Urban {
        loss_db: kun_2600_mhz_loss_db(args.distance_m),
        free_space_db: free_space_loss_db(2.6e9, args.distance_m),
        lower_db: None,
        upper_db: None,
    };
    result.tell(reply)
}

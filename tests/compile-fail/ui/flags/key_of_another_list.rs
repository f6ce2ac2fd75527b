use strata_config::FeatureFlags;
use strata_config::flags::{Context, Typed};

#[derive(FeatureFlags)]
enum Shop {
    Checkout,
}

#[derive(FeatureFlags)]
enum Kitchen {
    Oven,
}

fn ask(kitchen: &Typed<Kitchen>) -> bool {
    kitchen.get(Shop::Checkout, &Context::anonymous())
}

fn main() {}

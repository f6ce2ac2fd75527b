//! A section with a rule across its settings, as several subjects need it.

use strata_config::LayeredConfig;

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(validate = Self::check)]
pub(crate) struct Db {
    #[config(default = 2)]
    pub(crate) least: u32,
    #[config(default = 4)]
    pub(crate) most: u32,
}

impl Db {
    fn check(&self, report: &mut strata_config::Report) {
        if self.least > self.most {
            report.error([Self::LEAST, Self::MOST], "least is more than most");
        }
    }
}

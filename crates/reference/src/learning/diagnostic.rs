//! How learners are assessed.

use strata_config::{ConfigEnum, LayeredConfig, Report};

/// How learners are assessed.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(validate = Self::check)]
pub struct DiagnosticConfig {
    /// Offers assessments.
    #[config(default = true)]
    pub enabled: bool,

    /// Questions of an assessment at least.
    #[config(default = 5, validate(range(min = 1)))]
    pub min_questions: u32,

    /// Questions of an assessment at most.
    #[config(default = 20, validate(range(min = 1, max = 200)), renamed_from = "question_limit", since = "1.3.0")]
    pub max_questions: u32,

    /// Time of an assessment, in minutes.
    #[config(default = 30, validate(range(min = 1, max = 480)))]
    pub time_limit_minutes: u32,

    /// Share of right answers (0.0-1.0) that passes.
    #[config(default = 0.7, validate(range(min = 0.0, max = 1.0)))]
    pub passing_score: f64,

    /// How the next question is found.
    #[config(default = "adaptive")]
    pub question_selection: QuestionSelection,

    /// The difficulty of the first question.
    #[config(default = "intermediate")]
    pub initial_difficulty: Difficulty,

    /// Confidence in the result (0.0-1.0) at which an adaptive assessment ends early.
    #[config(default = 0.9, validate(range(min = 0.5, max = 1.0)))]
    pub confidence_threshold: f64,

    /// When learners see whether they were right.
    #[config(default = "after_session")]
    pub feedback: Feedback,

    /// Explains the right answer with the feedback.
    #[config(default = true)]
    pub show_explanations: bool,
}

/// How the next question is found.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionSelection {
    /// By the answers so far.
    Adaptive,
    /// By chance.
    Random,
    /// In the order of the catalogue.
    Sequential,
}

/// The difficulty of a question.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difficulty {
    /// For those who begin.
    Beginner,
    /// For those who know the basics.
    Intermediate,
    /// For those who know more.
    Advanced,
    /// For those who know it all.
    Expert,
}

/// When learners see whether they were right.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feedback {
    /// After each question.
    Immediate,
    /// When the assessment is over.
    AfterSession,
    /// Never.
    None,
}

impl DiagnosticConfig {
    fn check(&self, report: &mut Report) {
        if self.min_questions > self.max_questions {
            report.error(
                [Self::MIN_QUESTIONS, Self::MAX_QUESTIONS],
                "an assessment may not need more questions than it may have",
            );
        }
    }
}

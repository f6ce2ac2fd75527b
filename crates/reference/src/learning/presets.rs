//! Templates for the common ways of learning.

use strata_config_reload::Preset;

pub(super) fn all() -> Vec<Preset> {
    vec![
        Preset::new("beginners", "Short sessions, easy cards, feedback at once")
            .set("interleaving.min_session_size", 3)
            .set("interleaving.max_session_size", 15)
            .set("interleaving.default_weights.due", 0.7)
            .set("interleaving.default_weights.interleave", 0.1)
            .set("interleaving.default_weights.new", 0.2)
            .set("diagnostic.initial_difficulty", "beginner")
            .set("diagnostic.passing_score", 0.6)
            .set("diagnostic.feedback", "immediate"),
        Preset::new("exam", "Long assessments in a fixed time, with feedback at the end")
            .set("diagnostic.min_questions", 30)
            .set("diagnostic.max_questions", 60)
            .set("diagnostic.time_limit_minutes", 90)
            .set("diagnostic.question_selection", "random")
            .set("diagnostic.feedback", "after_session")
            .set("diagnostic.show_explanations", false),
        Preset::new("vocabulary", "Many cards in boxes, hardly mixed")
            .set("spaced_repetition.default_algorithm", "leitner")
            .set("spaced_repetition.leitner_box_count", 7)
            .set("interleaving.max_session_size", 100)
            .set("interleaving.default_weights.due", 0.75)
            .set("interleaving.default_weights.interleave", 0.05)
            .set("interleaving.default_weights.new", 0.2),
        Preset::new("without-ai", "No question is written by an AI, and none is asked")
            .set("feature_flags.ai_generation_enabled", false)
            .set("feature_flags.adaptive_learning_enabled", false)
            .set("diagnostic.question_selection", "sequential"),
        Preset::new("many-learners", "Larger batches and caches that live longer")
            .set("spaced_repetition.batch_size", 1000)
            .set("spaced_repetition.cache_ttl_seconds", 900)
            .set("cache.ttl_seconds", 900)
            .set("ai_provider.connection_pool_size", 100),
    ]
}

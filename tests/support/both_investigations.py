"""What switches investigations on in the force of `force.yaml`: everything in them happens, often, in a small force."""

CASES = (
    "online_abuse={referrals_per_year: 500, growth_per_year: 0.2, "
    "grades: {low: 0.4, medium: 0.3, high: 0.2, very_high: 0.1}, team: joint, available_share: 0.6, "
    "act_within_days: {low: 12, medium: 8, high: 5, very_high: 3}, "
    "checks: {officers: 4, hours: {distribution: gamma, mean: 4, cv: 0.5}, closed_share: 0.3}, "
    "voluntary: {share: 0.3, days: {distribution: gamma, mean: 10, cv: 0.5}, "
    "devices: {distribution: gamma, mean: 3, cv: 0.5}, missed_share: 0.4}, "
    "search: {officers: 9, crew_size: 2, warrant_days: {low: 9, medium: 6, high: 3, very_high: 1}, "
    "hours: {distribution: gamma, mean: 8, cv: 0.5}, devices: {distribution: gamma, mean: 8, cv: 0.5}, "
    "missed_share: 0.3}, "
    "triage: {kits: 1, trained_officers: 1, hours: 3, seized_share: 0.4, missed_share: 0.1}, "
    "digital_forensics: {devices_per_week: 38, examiners: 6, effort: {distribution: gamma, mean: 1, cv: 0.5}}, "
    "grading: {officers: 12, hours: {distribution: gamma, mean: 12, cv: 0.5}, hours_per_device: 1}, "
    "decision: {charged_share: 0.7, lost_per_year: 0.6, missed_factor: 0.2}, "
    "suspects: {access_share: 0.5, safeguarded_on_bail_share: 0.4, on_register_share: 0.1}, "
    "convictions: {share: 0.8, court_days: {distribution: gamma, mean: 40, cv: 0.5}, custody_share: 0.4, "
    "custody_days: {distribution: gamma, mean: 40, cv: 0.5}}, "
    "at_start: {search: {cases: 6, reached_after_days: 5, waited_days: {distribution: gamma, mean: 10, cv: 0.5}}, "
    "digital_forensics: {cases: 12, reached_after_days: 20, waited_days: {distribution: gamma, mean: 30, cv: 0.5}}, "
    "grading: {cases: 6, reached_after_days: 60, waited_days: {distribution: gamma, mean: 10, cv: 0.5}}, "
    "triaged_share: 0.5}}",
)
"""Online child abuse; its graders are investigators of the crime teams."""

CRIMES = (
    "crime={crimes_per_year: 700, growth_per_year: 0.1, complex_share: 0.5, investigators: 20, experienced_share: 0.6, "
    "level_2_share: {experienced: 0.7, inexperienced: 0.3}, available_share: 0.6, allocation: round_robin, "
    "max_caseload: 7, overload_threshold: 6, hours: {distribution: gamma, mean: 16, cv: 0.5}, first_share: 0.4, "
    "enquiry_days: {distribution: gamma, mean: 30, cv: 0.5}, inexperienced_hours_factor: 1.5, "
    "below_level: {hours_factor: 1.4, reassigned_share: 0.3, dispute_days: 5, charged_factor: 0.5}, "
    "charged_share: 0.3, supervision: {interval_days: 14, per_team: 2, hours_per_week: 6, review_hours: 1, "
    "passes_on_share: 0.3, closes_share: 0.3}, "
    "at_start: {experienced: 5, inexperienced: 8, age_days: {distribution: gamma, mean: 60, cv: 0.5}}}",
)
"""Crime investigation."""

INVESTIGATIONS = (*CASES, *CRIMES)
"""Both, in joint teams."""

CENTRAL = (*INVESTIGATIONS, "online_abuse.team=central")
"""Both, each with officers of its own."""

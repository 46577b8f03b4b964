package import PayopsCore

/// One alert as it is told to others. None of its texts may hold personal data: what leaves the
/// database are names of rules, counts, sums and ids.
package struct NotifiedAlert: Sendable, Equatable {
  /// What stays the same as long as the alert is the same one; at most 255 bytes are useful.
  package let fingerprint: String
  /// The name of the rule or monitor, such as `settlement_delay`.
  package let name: String
  /// How grave it is.
  package let severity: Severity
  /// Whether it is still so.
  package let state: AlertState
  /// What it is about: merchant, country, currency, rule; without name and severity.
  package let labels: [String: String]
  /// One line for people.
  package let summary: String
  /// More lines for people; may be empty.
  package let details: String
  /// The sum that is at stake with its currency, such as `12500.00 EUR`; nil where it has none.
  package let valueAtStake: String?
  /// The number of customers that it touches; nil where it is not known.
  package let customersAffected: Int?
  /// When it began.
  package let startsAt: CivilInstant
  /// When it ended; nil while it is firing.
  package let endsAt: CivilInstant?
  /// An https page about it; nil where there is none.
  package let generatorURL: String?
  /// What was told last, where the severity has changed since; a receiver that tells alerts apart
  /// by their labels ends the alert of that severity.
  package let previousSeverity: Severity?

  /// Describes an alert.
  package init(
    fingerprint: String, name: String, severity: Severity, state: AlertState,
    labels: [String: String] = [:], summary: String, details: String = "",
    valueAtStake: String? = nil, customersAffected: Int? = nil, startsAt: CivilInstant,
    endsAt: CivilInstant? = nil, generatorURL: String? = nil,
    previousSeverity: Severity? = nil
  ) {
    self.fingerprint = fingerprint
    self.name = name
    self.severity = severity
    self.state = state
    self.labels = labels
    self.summary = summary
    self.details = details
    self.valueAtStake = valueAtStake
    self.customersAffected = customersAffected
    self.startsAt = startsAt
    self.endsAt = endsAt
    self.generatorURL = generatorURL
    self.previousSeverity = previousSeverity
  }

  /// The labels with `alertname` and `severity`, which win over labels of the same name.
  var allLabels: [String: String] {
    labels.merging(["alertname": name, "severity": severity.word]) { $1 }
  }

  /// What is said about it, by name; without what there is nothing to say about.
  var annotations: [String: String] {
    var annotations = ["summary": summary]
    if !details.isEmpty { annotations["description"] = details }
    annotations["value_at_stake"] = valueAtStake
    annotations["customers_affected"] = customersAffected.map(String.init)
    return annotations
  }
}

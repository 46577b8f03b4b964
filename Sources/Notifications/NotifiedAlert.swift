package import PayopsCore

/// One alert in a notification. Its texts must not contain personal data: only names of rules,
/// counts, sums and ids leave the database.
package struct NotifiedAlert: Sendable, Equatable {
  /// Identifies the alert in all its notifications; at most 255 bytes.
  package let fingerprint: String
  /// The name of the rule or monitor, such as `settlement_delay`.
  package let name: String
  /// Its severity.
  package let severity: Severity
  /// Whether it is firing or resolved.
  package let state: AlertState
  /// Its subject: merchant, country, currency, rule; without name and severity.
  package let labels: [String: String]
  /// One line for people.
  package let summary: String
  /// More lines for people; may be empty.
  package let details: String
  /// The value at stake with its currency, such as `12,500.00 EUR`; nil when it does not apply.
  package let valueAtStake: String?
  /// The number of affected customers; nil when unknown.
  package let customersAffected: Int?
  /// When it was raised.
  package let startsAt: CivilInstant
  /// When it was resolved; nil while it is firing.
  package let endsAt: CivilInstant?
  /// A web page about it; nil without one.
  package let generatorURL: String?
  /// The severity of the last notification when it has changed since; a receiver that identifies
  /// alerts by their labels resolves the alert of that severity.
  package let previousSeverity: Severity?

  /// Makes an alert.
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

  /// The labels with `alertname` and `severity`, which replace labels of the same name.
  var allLabels: [String: String] {
    labels.merging(["alertname": name, "severity": severity.word]) { $1 }
  }

  /// Its texts by name, without empty ones.
  var annotations: [String: String] {
    var annotations = ["summary": summary]
    if !details.isEmpty { annotations["description"] = details }
    annotations["value_at_stake"] = valueAtStake
    annotations["customers_affected"] = customersAffected.map(String.init)
    return annotations
  }
}

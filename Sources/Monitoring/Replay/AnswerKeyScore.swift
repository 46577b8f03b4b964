package import MariaDBClient
package import PayopsCore

/// How well findings agree with planted incidents of generated payments.
package struct AnswerKeyScore: Sendable, Equatable {
  /// A planted incident.
  package struct Incident: Sendable, Equatable {
    /// Its kind, such as acquirer_outage.
    package let label: String
    /// The dimension that it hits.
    package let dimension: String
    /// The member of it.
    package let member: String
    /// Its first instant.
    package let start: CivilInstant
    /// Its last instant.
    package let end: CivilInstant
    /// From its start to the first finding, seconds; nil when it was not found.
    package var secondsToDetect: Int?
    /// The finding that came first; nil when it was not found.
    package var firstFinding: MonitorReplay.Finding?

    /// Describes an incident that is not found yet.
    package init(
      label: String, dimension: String, member: String, start: CivilInstant, end: CivilInstant
    ) {
      self.label = label
      self.dimension = dimension
      self.member = member
      self.start = start
      self.end = end
    }

    /// Whether a finding can belong to this incident: it overlaps in time, is in a series that such
    /// an incident changes, and is not of another member of the dimension that the incident hits.
    package func explains(_ finding: MonitorReplay.Finding) -> Bool {
      guard finding.detectedAt >= start,
        finding.since.secondsSinceEpoch <= end.secondsSinceEpoch + AnswerKeyScore.grace,
        (finding.endedAt ?? finding.detectedAt) >= start,
        finding.dimension != dimension || finding.member == member || dimension == "all"
      else { return false }
      return switch label {
      case "acquirer_outage": ["payments", "latency", "gauges"].contains(finding.source)
      case "latency_creep": ["latency", "gauges"].contains(finding.source)
      case "decline_spike", "volume_drop": ["payments", "gauges"].contains(finding.source)
      case "settlement_stall": ["settlements", "gauges"].contains(finding.source)
      case "duplicate_posting": ["duplicates", "payments"].contains(finding.source)
      default: true
      }
    }
  }

  /// How long after the end of an incident a finding still belongs to it, seconds.
  static let grace = 1800

  /// The incidents, in order of time.
  package private(set) var incidents: [Incident]
  /// Findings that belong to no incident.
  package private(set) var strays: [MonitorReplay.Finding] = []
  /// How many findings there are.
  package let findingCount: Int

  /// The share of incidents that were found; nil without incidents.
  package var recall: Double? {
    incidents.isEmpty
      ? nil : Double(incidents.count { $0.secondsToDetect != nil }) / Double(incidents.count)
  }

  /// The share of findings that belong to an incident; nil without findings.
  package var precision: Double? {
    findingCount == 0 ? nil : Double(findingCount - strays.count) / Double(findingCount)
  }

  /// Compares.
  ///
  /// - Parameters:
  ///   - findings: what was found
  ///   - incidents: what was planted
  package init(_ findings: [MonitorReplay.Finding], incidents planted: [Incident]) {
    incidents = planted
    findingCount = findings.count
    for finding in findings {
      let own = incidents.indices.filter { incidents[$0].explains(finding) }
      if own.isEmpty { strays.append(finding) }
      for index in own {
        let start = incidents[index].start.secondsSinceEpoch
        let seconds = finding.detectedAt.secondsSinceEpoch - start
        guard seconds < incidents[index].secondsToDetect ?? .max else { continue }
        incidents[index].secondsToDetect = seconds
        incidents[index].firstFinding = finding
      }
    }
  }
}

extension Connection {
  /// The incidents that the generator planted in a period.
  package func plantedIncidents(
    from: CivilInstant, to: CivilInstant
  ) throws -> [AnswerKeyScore.Incident] {
    try query(
      """
      SELECT label, dimension, member, starts_at, ends_at
      FROM simulation_answer_key
      WHERE kind = 'incident' AND starts_at >= ? AND starts_at < ?
      ORDER BY starts_at
      """, [.text(from.description), .text(to.description)]
    ).rows.compactMap { row in
      guard let start = row["starts_at"].flatMap({ CivilInstant($0) }),
        let end = row["ends_at"].flatMap({ CivilInstant($0) })
      else { return nil }
      return AnswerKeyScore.Incident(
        label: row["label"] ?? "", dimension: row["dimension"] ?? "",
        member: row["member"] ?? "", start: start, end: end)
    }
  }
}

package import MariaDBClient
package import PayopsCore

/// How well findings agree with planted incidents of generated payments.
package struct AnswerKeyScore: Sendable, Equatable {
  /// A planted incident.
  package struct Incident: Sendable, Equatable {
    /// Its kind, such as acquirer_outage.
    package let label: String
    /// The dimension that it hits, and the member.
    package let place: String
    /// Its first instant.
    package let start: CivilInstant
    /// Its last instant.
    package let end: CivilInstant
    /// From its start to the first finding, seconds; nil when it was not found.
    package var secondsToDetect: Int?
  }

  /// How long after the end of an incident a finding still belongs to it, seconds.
  static let grace = 1800

  /// The incidents, in the order of time.
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
      var belongs = false
      for (index, incident) in incidents.enumerated()
      where finding.detectedAt >= incident.start
        && finding.since.secondsSinceEpoch <= incident.end.secondsSinceEpoch + Self.grace
        && (finding.endedAt ?? finding.detectedAt) >= incident.start
      {
        belongs = true
        let seconds = finding.detectedAt.secondsSinceEpoch - incident.start.secondsSinceEpoch
        incidents[index].secondsToDetect = min(incident.secondsToDetect ?? .max, seconds)
      }
      if !belongs { strays.append(finding) }
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
      SELECT label, CONCAT(dimension, '=', member) AS place, starts_at, ends_at
      FROM simulation_answer_key
      WHERE kind = 'incident' AND starts_at >= ? AND starts_at < ?
      ORDER BY starts_at
      """, [.text(from.description), .text(to.description)]
    ).rows.compactMap { row in
      guard let start = row["starts_at"].flatMap({ CivilInstant($0) }),
        let end = row["ends_at"].flatMap({ CivilInstant($0) })
      else { return nil }
      return AnswerKeyScore.Incident(
        label: row["label"] ?? "", place: row["place"] ?? "", start: start, end: end,
        secondsToDetect: nil)
    }
  }
}

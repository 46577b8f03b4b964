internal import PayopsCore

/// Instants as text, UTC.
package enum Timestamp {
  /// `YYYY-MM-DDTHH:MM:SSZ`.
  package static func text(_ epoch: Int64) -> String {
    let instant = CivilInstant(secondsSinceEpoch: Int(epoch)).description
    return instant.replacing(" ", with: "T") + "Z"
  }

  /// `YYYYMMDDTHHMMSSZ`.
  static func compact(_ epoch: Int64) -> String {
    text(epoch).filter { $0 != "-" && $0 != ":" }
  }
}

extension Duration {
  /// The duration in seconds, to the millisecond.
  package var inSeconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds / 1_000_000_000_000_000) / 1000
  }
}

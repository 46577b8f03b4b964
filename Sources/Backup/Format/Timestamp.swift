internal import PayopsCore

/// Instants of manifests and logs as text, UTC.
package enum Timestamp {
  /// `YYYY-MM-DDTHH:MM:SSZ`.
  package static func text(_ epoch: Int64) -> String {
    CivilInstant(secondsSinceEpoch: Int(epoch)).rfc3339
  }

  /// `YYYYMMDDTHHMMSSZ`.
  static func compact(_ epoch: Int64) -> String {
    CivilInstant(secondsSinceEpoch: Int(epoch)).compact
  }
}

extension Duration {
  /// The duration in seconds, to the millisecond.
  package var inSeconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds / 1_000_000_000_000_000) / 1000
  }
}

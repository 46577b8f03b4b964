internal import PayopsCore

extension CivilInstant {
  /// `2026-11-22T10:00:00Z`.
  var rfc3339: String { description.replacing(" ", with: "T") + "Z" }
}

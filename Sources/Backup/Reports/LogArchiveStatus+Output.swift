import PayopsCore
package import Tabular

extension LogArchiveStatus {
  /// How far the archive reaches, as a sentence.
  package var text: String {
    "archived up to byte \(position) of \(log)"
      + (eventEpoch.map { " (event of \(Timestamp.text($0)))" } ?? "")
      + ", everything written until \(Timestamp.text(reachedEpoch))"
  }

  /// How far the archive reaches, as JSON.
  package var json: JSON {
    .pairs([
      "log": .string(log), "position": .integer(position),
      "event_at": eventEpoch.map { .string(Timestamp.text($0)) } ?? .null,
      "reached_at": .string(Timestamp.text(reachedEpoch)),
    ])
  }
}

extension BinaryLogArchive.Outcome {
  /// The result, in one line.
  package var text: String {
    "\(copied.count) logs copied, \(present) were archived already; \(byteText(bytes)) written"
      + (status.map { "; \($0.text)" } ?? "") + "\n"
  }

  /// The result as JSON.
  package var json: JSON {
    .pairs([
      "copied": .array(copied.map(JSON.string)), "present": .integer(present),
      "bytes": .integer(bytes), "status": status?.json ?? .null,
    ])
  }
}

import PayopsCore
package import Tabular

extension LogArchiveStatus {
  /// How far the archive has come, for people.
  package var text: String {
    "archived up to byte \(position) of \(log)"
      + (eventEpoch.map { " (event of \(Timestamp.text($0)))" } ?? "")
      + ", all that there was at \(Timestamp.text(reachedEpoch))"
  }

  /// How far the archive has come.
  package var json: JSON {
    .pairs([
      "log": .string(log), "position": .integer(position),
      "event_at": eventEpoch.map { .string(Timestamp.text($0)) } ?? .null,
      "reached_at": .string(Timestamp.text(reachedEpoch)),
    ])
  }
}

extension BinaryLogArchive.Outcome {
  /// What was copied, in one line.
  package var text: String {
    "\(copied.count) logs copied, \(present) were there; \(byteText(bytes)) written"
      + (status.map { "; \($0.text)" } ?? "") + "\n"
  }

  /// What was copied.
  package var json: JSON {
    .pairs([
      "copied": .array(copied.map(JSON.string)), "present": .integer(present),
      "bytes": .integer(bytes), "status": status?.json ?? .null,
    ])
  }
}

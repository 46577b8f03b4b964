/// How many records of an import had which outcome.
package struct ImportCounts: Sendable, Equatable {
  /// Records read.
  package var read: Int64 = 0
  /// Records that became new rows.
  package var loaded: Int64 = 0
  /// Records that changed a row.
  package var updated: Int64 = 0
  /// Records that existed already, unchanged.
  package var duplicate: Int64 = 0
  /// Records put into quarantine.
  package var quarantined: Int64 = 0

  /// Whether every record read is accounted for.
  package var addsUp: Bool { read == loaded + updated + duplicate + quarantined }

  /// Makes counts.
  package init(
    read: Int64 = 0, loaded: Int64 = 0, updated: Int64 = 0, duplicate: Int64 = 0,
    quarantined: Int64 = 0
  ) {
    self.read = read
    self.loaded = loaded
    self.updated = updated
    self.duplicate = duplicate
    self.quarantined = quarantined
  }

  /// Adds the counts of another batch.
  mutating func add(_ other: ImportCounts) {
    read += other.read
    loaded += other.loaded
    updated += other.updated
    duplicate += other.duplicate
    quarantined += other.quarantined
  }
}

/// The result of an import.
package struct ImportSummary: Sendable, Equatable {
  /// The row of `import_runs`.
  package let importID: Int64
  /// Source system under which natural keys are kept.
  package let source: String
  /// Table that was filled.
  package let target: ImportTarget
  /// The outcome of the records.
  package let counts: ImportCounts
  /// FNV-1a 64 of the bytes of the file, hexadecimal.
  package let checksum: String
  /// Remarks that are not errors, one sentence each.
  package let remarks: [String]
}

/// The progress of an import.
package struct ImportProgress: Sendable, Equatable {
  /// Bytes of the file read.
  package let byteCount: Int64
  /// The outcome of the records so far.
  package let counts: ImportCounts
}

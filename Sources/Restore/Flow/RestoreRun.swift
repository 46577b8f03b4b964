package import Backup
internal import MariaDBClient
internal import PayopsCore
internal import Synchronization

/// A restore from beginning to end: takes a backup, checks it, keeps what it replaces, replays binary
/// logs, restores, and passes over to the next good backup when one is damaged.
package struct RestoreRun {
  /// What is asked for beside the plan.
  package struct Request: Sendable {
    /// Whether the backup was chosen as the newest.
    package var isLatest = false
    /// The moment up to which binary logs are replayed; nil for none.
    package var moment: RestoreMoment?
    /// Whether the backup is only checked.
    package var isDryRun = false
    /// Whether what is replaced is backed up first.
    package var makesSafetyBackup = true

    /// Asks for nothing special.
    package init() {}
  }

  /// What came of it.
  package enum Outcome: Sendable {
    /// A dry run: what would be restored, and the objects that would get another owner.
    case preview(RestorePreview, missing: [DefinedObject])
    /// A dry run: what would be finished in one line, and the objects that would get another owner.
    case wouldFinish(String, missing: [DefinedObject])
    /// The restore is done.
    case restored(RestoreReport)
  }

  let folder: BackupFolder
  let key: EncryptionKey?
  var plan: RestorePlan
  let proof: BackupProof
  let request: Request
  let onEvent: @Sendable (BackupEvent) -> Void
  private let confirmedName: @Sendable () -> String?
  /// Both are done once, however many backups are tried.
  private var isConfirmed = false
  private var hasSafetyBackup = false

  /// Prepares a restore.
  ///
  /// - Parameters:
  ///   - folder: where the backups are
  ///   - key: the key of encrypted backups
  ///   - plan: where to and how
  ///   - proof: what is known of backups beyond their folder
  ///   - request: what is asked for beside the plan
  ///   - confirmedName: gives the name of the schema to be replaced, as somebody typed it; nil when
  ///     nobody did
  ///   - onEvent: gets what is to be said while it runs
  package init(
    from folder: BackupFolder, key: EncryptionKey?, plan: RestorePlan, proof: BackupProof,
    request: Request, confirmedName: @escaping @Sendable () -> String?,
    onEvent: @escaping @Sendable (BackupEvent) -> Void
  ) {
    self.folder = folder
    self.key = key
    self.plan = plan
    self.proof = proof
    self.request = request
    self.confirmedName = confirmedName
    self.onEvent = onEvent
  }

  /// Restores the first of the candidates that can be restored.
  ///
  /// - Parameter candidates: the backups that may be taken
  /// - Throws: ``BackupError`` when none can be; the schema is then as it was before
  package mutating func run(_ candidates: RestoreCandidates) async throws -> Outcome {
    var candidates = candidates
    while true {
      do {
        return try await attempt(try candidates.current())
      } catch let error as BackupError {
        onEvent(.note(try candidates.passOver(error)))
      }
    }
  }

  mutating func attempt(_ chosen: BackupManifest) async throws -> Outcome {
    try await proof.check(chosen, isNewest: request.isLatest) { onEvent(.note($0)) }
    noteKind(of: chosen)
    let pointInTime = request.moment.map {
      PointInTime(
        chosen, in: folder, key: key, moment: $0, connections: plan.connections,
        trust: plan.trust, allowsUnsealed: plan.allowsUnsealed, payopsVersion: Version.current)
    }
    try pointInTime?.check()
    let preview = try await RestorePreview.read(chosen, plan: plan)
    let checked = Restore(chosen, in: folder, key: key, plan: plan)
    if request.isDryRun {
      let missing = try await checked.lookForDefiners(of: try await checked.checkFile())
      return .preview(preview, missing: missing)
    }
    if preview.replacesSomething { try confirmReplacement() }
    // A damaged one is known before anything is made.
    try await checked.lookForDefiners(of: try await checked.checkFile())
    if preview.replacesSomething, request.makesSafetyBackup { try await makeSafetyBackup() }
    let forward = try await bringForward(pointInTime)
    let backup = forward?.backup ?? chosen
    let outcome = try await restore(backup) {
      try await $0.run(isChecked: pointInTime == nil, progress: $1)
    }
    return .restored(RestoreReport(backup, plan, outcome, replayed: forward?.statements))
  }

  private func noteKind(of backup: BackupManifest) {
    if !backup.isVerified {
      onEvent(
        .note(
          "note: \(backup.id) is not known to be good (\(backup.verification.state.rawValue))"))
    }
    if let kind = BackupListing.kindWords[backup.purpose] {
      onEvent(.note("note: \(backup.id) is a backup of the kind: \(kind)"))
    }
  }

  /// Makes sure that whoever runs this means the schema that is going to be replaced.
  private mutating func confirmReplacement() throws {
    guard !isConfirmed else { return }
    guard let name = confirmedName() else {
      throw BackupError(
        .notConfirmed, "replacing schema \(plan.schema) was not confirmed",
        hint: "add --confirm \(plan.schema)")
    }
    guard name == plan.schema else {
      throw BackupError(
        .notConfirmed, "the name given is not \(plan.schema): nothing was changed")
    }
    isConfirmed = true
  }

  private mutating func makeSafetyBackup() async throws {
    guard !hasSafetyBackup else { return }
    var options = plan.options
    options.database = plan.schema
    let creation = BackupCreation(
      options: options, folder: folder, key: key, kind: .safety, readsChecksums: false,
      payopsVersion: Version.current)
    do {
      let safety = try await creation.run { [onEvent] in
        onEvent(.progress("safety backup", done: $0.rawBytes, total: $0.expectedBytes))
      }
      onEvent(.note("what is replaced is kept in \(safety.id) (not verified)"))
    } catch let error as BackupError {
      throw BackupError(
        error.code, "no safety backup could be made: \(error.message)",
        hint: "fix that, or continue without one: --no-safety-backup")
    }
    hasSafetyBackup = true
  }

  /// Replays the logs; the backup to be restored is then the result.
  private func bringForward(
    _ pointInTime: PointInTime?
  ) async throws -> (backup: BackupManifest, statements: Int)? {
    guard let pointInTime else { return nil }
    let result = try await pointInTime.run { [onEvent] in
      onEvent(.progress("replay: \($0.phase)", done: $0.rawBytes, total: $0.totalBytes))
    }
    onEvent(.note("the state at that moment is kept in \(result.backup.id) (not verified)"))
    return result
  }

  /// Runs a restore, and names the objects that got another owner.
  ///
  /// - Parameter body: what is run: all of it, or its end
  func restore(
    _ backup: BackupManifest,
    _ body: (Restore, @escaping @Sendable (Restore.Progress) -> Void) async throws
      -> Restore.Outcome
  ) async throws -> Restore.Outcome {
    let replaced = Mutex<Set<ReplacedDefiner>>([])
    var plan = plan
    plan.onReplacedDefiner = { object in replaced.withLock { _ = $0.insert(object) } }
    let outcome = try await body(Restore(backup, in: folder, key: key, plan: plan)) { [onEvent] in
      onEvent(.progress($0.phase, done: $0.rawBytes, total: $0.totalBytes))
    }
    for note in RestoreNotes.replaced(replaced.withLock { $0 }) { onEvent(.note(note)) }
    return outcome
  }
}

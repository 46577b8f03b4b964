import Foundation
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Backup
@testable import Restore

@Suite("Rotation", .timeLimit(.minutes(5)))
struct RotationTests {
  private typealias Shelf = BackupFolderFixture

  private func prune(
    _ fixture: BackupFolderFixture, keepDays: Int = 0, minimum: Int = 3, day: Int = 100,
    place: ScratchPlace? = nil
  ) async throws -> Rotation.Outcome {
    let scratch: ScratchPlace
    if let place { scratch = place } else { scratch = .server(try await TestServer.shared()) }
    return try await Rotation(
      folder: fixture.folder,
      policy: RetentionPolicy(keepDays: keepDays, minimumVerified: minimum)
    ).run(
      now: BackupFolderFixture.start + Int64(day) * BackupFolderFixture.day,
      verification: BackupVerification(folder: fixture.folder, place: scratch))
  }

  @Test("each schema is rotated by itself, whichever has the newer backups")
  func schemas() async throws {
    let fixture = try await BackupFolderFixture()
    for number in 1...3 { try fixture.add(number, day: number, schema: "one") }
    for number in 4...9 { try fixture.add(number, day: number, schema: "two") }
    try fixture.add(10, day: 10, schema: "one", state: .unverified)
    let outcome = try await prune(fixture, minimum: 2)
    #expect(try fixture.numbers == [2, 3, 8, 9, 10])
    #expect(outcome.held.isEmpty)
    let plan = try await Rotation(
      folder: fixture.folder, policy: RetentionPolicy(keepDays: 0, minimumVerified: 1)
    ).plan(now: BackupFolderFixture.start)
    #expect(plan.decisions.filter { !$0.isKept }.map(\.backup.sequence) == [2, 8])
  }

  @Test("a clock 40 days ahead, or weeks without a backup, delete nothing")
  func clock() async throws {
    let fixture = try await BackupFolderFixture()
    for number in 1...10 { try fixture.add(number, day: number) }
    _ = try await prune(fixture, keepDays: 7, day: 10)
    let kept = try fixture.numbers
    #expect(kept == [4, 5, 6, 7, 8, 9, 10])
    for day in [11, 50, 4000] {
      _ = try await prune(fixture, keepDays: 7, day: day)
      #expect(try fixture.numbers == kept)
    }
    // Created while the clock was ahead: the last three are kept, whatever their age by that clock.
    try fixture.add(11, day: 50)
    _ = try await prune(fixture, keepDays: 7, day: 50)
    #expect(try fixture.numbers == [9, 10, 11])
  }

  /// The damage to the data of a backup that is to be kept.
  enum Harm: String, CaseIterable {
    case missing, cut, changed, pipe, folder

    func happen(to path: String) throws {
      var bytes = try Data(contentsOf: URL(filePath: path))
      unlink(path)
      switch self {
      case .missing: return
      case .cut: bytes.removeLast()
      case .changed: bytes[bytes.count / 2] ^= 1
      case .pipe:
        mkfifo(path, 0o600)
        return
      case .folder:
        mkdir(path, 0o700)
        return
      }
      try bytes.write(to: URL(filePath: path))
    }
  }

  @Test(
    "kept backups are checked before any removal, and count only when complete",
    arguments: Harm.allCases)
  func harmed(harm: Harm) async throws {
    let fixture = try await BackupFolderFixture()
    var backups: [BackupManifest] = []
    for number in 1...6 { backups.append(try fixture.add(number, day: number)) }
    try harm.happen(to: fixture.folder.dataPath(of: backups[4]))
    let outcome = try await prune(fixture)
    #expect(outcome.held.map(\.id) == [backups[4].id])
    #expect(outcome.held.first?.reason.contains("its data ") == true)
    // Three complete ones, and the one that an operator must examine.
    #expect(try fixture.numbers == [3, 4, 5, 6])
    #expect(
      outcome.decisions.first { $0.backup.sequence == 5 }?.reasons.contains(.held) == true)
  }

  @Test("a failed backup is checked again before its removal")
  func failed() async throws {
    let fixture = try await BackupFolderFixture()
    let wronged = try fixture.add(1, day: 1, state: .failed)
    let lost = try fixture.add(2, day: 2, state: .failed)
    unlink(fixture.folder.dataPath(of: lost))
    for number in 3...6 { try fixture.add(number, day: number) }
    _ = try await prune(fixture, minimum: 5)
    #expect(try fixture.numbers == [1, 3, 4, 5, 6])
    #expect(try fixture.folder.backup(wronged.id).isVerified)
  }

  @Test("a failed backup that cannot be read is kept")
  func failedUnseen() async throws {
    let fixture = try await BackupFolderFixture()
    let failed = try fixture.add(1, day: 1, state: .failed)
    for number in 2...4 { try fixture.add(number, day: number) }
    let nowhere = ConnectionOptions(socket: "/nowhere/at/all", user: "nobody")
    let outcome = try await prune(fixture, place: .server(nowhere))
    #expect(outcome.held.map(\.id) == [failed.id])
    #expect(try fixture.numbers == [1, 2, 3, 4])
    #expect(try fixture.folder.backup(failed.id).verification.state == .failed)
  }

  @Test("safety copies and results of point-in-time recovery do not replace other backups")
  func kinds() async throws {
    let fixture = try await BackupFolderFixture()
    for number in 1...3 {
      try fixture.add(number, day: number, kind: number == 1 ? nil : .scheduled)
    }
    try fixture.add(4, day: 4, kind: .safety)
    try fixture.add(5, day: 90, kind: .pointInTime)
    try fixture.add(6, day: 91, kind: .safety)
    let outcome = try await prune(fixture)
    #expect(try fixture.numbers == [1, 2, 3, 4, 5, 6])
    #expect(
      outcome.decisions.map { $0.reasons.contains(.newestVerified) }
        == [false, false, true, false, false, false])
    // They are removed like others once a newer backup of the sequence is verified.
    try fixture.add(7, day: 95, kind: .manual)
    _ = try await prune(fixture)
    #expect(try fixture.numbers == [2, 3, 7])
  }
}

import Foundation
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Backup
@testable import Restore

@Suite("Rotation", .timeLimit(.minutes(5)))
struct RotationTests {
  private typealias Shelf = BackupShelf

  private func prune(
    _ shelf: BackupShelf, keepDays: Int = 0, minimum: Int = 3, day: Int = 100,
    place: ScratchPlace? = nil
  ) async throws -> Rotation.Outcome {
    let scratch: ScratchPlace
    if let place { scratch = place } else { scratch = .server(try await TestServer.shared()) }
    return try await Rotation(
      folder: shelf.folder,
      policy: RetentionPolicy(keepDays: keepDays, minimumVerified: minimum)
    ).run(
      now: BackupShelf.start + Int64(day) * BackupShelf.day,
      verification: BackupVerification(folder: shelf.folder, place: scratch))
  }

  @Test("each schema is judged by itself, whoever has the newer backups")
  func schemas() async throws {
    let shelf = try await BackupShelf()
    for number in 1...3 { try shelf.add(number, day: number, schema: "one") }
    for number in 4...9 { try shelf.add(number, day: number, schema: "two") }
    try shelf.add(10, day: 10, schema: "one", state: .unverified)
    let outcome = try await prune(shelf, minimum: 2)
    #expect(try shelf.numbers == [2, 3, 8, 9, 10])
    #expect(outcome.held.isEmpty)
    let plan = try await Rotation(
      folder: shelf.folder, policy: RetentionPolicy(keepDays: 0, minimumVerified: 1)
    ).plan(now: BackupShelf.start)
    #expect(plan.decisions.filter { !$0.isKept }.map(\.backup.sequence) == [2, 8])
  }

  @Test("a clock 40 days ahead, or weeks without a backup, delete nothing")
  func clock() async throws {
    let shelf = try await BackupShelf()
    for number in 1...10 { try shelf.add(number, day: number) }
    _ = try await prune(shelf, keepDays: 7, day: 10)
    let kept = try shelf.numbers
    #expect(kept == [4, 5, 6, 7, 8, 9, 10])
    for day in [11, 50, 4000] {
      _ = try await prune(shelf, keepDays: 7, day: day)
      #expect(try shelf.numbers == kept)
    }
    // Made while the clock was ahead: the last three stay, whatever their age by that clock.
    try shelf.add(11, day: 50)
    _ = try await prune(shelf, keepDays: 7, day: 50)
    #expect(try shelf.numbers == [9, 10, 11])
  }

  /// What happens to the data of a backup that is to be kept.
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
    "what stays is looked at before anything goes, and counts only when it is whole",
    arguments: Harm.allCases)
  func harmed(harm: Harm) async throws {
    let shelf = try await BackupShelf()
    var backups: [BackupManifest] = []
    for number in 1...6 { backups.append(try shelf.add(number, day: number)) }
    try harm.happen(to: shelf.folder.dataPath(of: backups[4]))
    let outcome = try await prune(shelf)
    #expect(outcome.held.map(\.id) == [backups[4].id])
    #expect(outcome.held.first?.reason.contains("its data ") == true)
    // Three whole ones, and the one that somebody must look at.
    #expect(try shelf.numbers == [3, 4, 5, 6])
    #expect(
      outcome.decisions.first { $0.backup.sequence == 5 }?.reasons.contains(.held) == true)
  }

  @Test("a backup that failed is looked at again before it goes")
  func failed() async throws {
    let shelf = try await BackupShelf()
    let wronged = try shelf.add(1, day: 1, state: .failed)
    let lost = try shelf.add(2, day: 2, state: .failed)
    unlink(shelf.folder.dataPath(of: lost))
    for number in 3...6 { try shelf.add(number, day: number) }
    _ = try await prune(shelf, minimum: 5)
    #expect(try shelf.numbers == [1, 3, 4, 5, 6])
    #expect(try shelf.folder.backup(wronged.id).isVerified)
  }

  @Test("a backup that failed stays when nobody can look at it")
  func failedUnseen() async throws {
    let shelf = try await BackupShelf()
    let failed = try shelf.add(1, day: 1, state: .failed)
    for number in 2...4 { try shelf.add(number, day: number) }
    let nowhere = ConnectionOptions(socket: "/nowhere/at/all", user: "nobody")
    let outcome = try await prune(shelf, place: .server(nowhere))
    #expect(outcome.held.map(\.id) == [failed.id])
    #expect(try shelf.numbers == [1, 2, 3, 4])
    #expect(try shelf.folder.backup(failed.id).verification.state == .failed)
  }

  @Test("safety copies and results of a restore to a moment take nobody's place")
  func kinds() async throws {
    let shelf = try await BackupShelf()
    for number in 1...3 { try shelf.add(number, day: number, kind: number == 1 ? nil : .scheduled) }
    try shelf.add(4, day: 4, kind: .safety)
    try shelf.add(5, day: 90, kind: .pointInTime)
    try shelf.add(6, day: 91, kind: .safety)
    let outcome = try await prune(shelf)
    #expect(try shelf.numbers == [1, 2, 3, 4, 5, 6])
    #expect(
      outcome.decisions.map { $0.reasons.contains(.newestVerified) }
        == [false, false, true, false, false, false])
    // They go like others once something newer that follows the order is proved.
    try shelf.add(7, day: 95, kind: .manual)
    _ = try await prune(shelf)
    #expect(try shelf.numbers == [2, 3, 7])
  }
}

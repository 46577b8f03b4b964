import Foundation
import TestSupport
import Testing

@testable import Backup

@Suite("What is said of damaged backups", .timeLimit(.minutes(20)))
struct DamageTableTests {
  /// Without this the owner root may read everything.
  private static let limits =
    geteuid() == 0
    ? [
      "/usr/bin/setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps",
      "-dac_override,-dac_read_search",
    ] : []

  @Test("every damage is said by list, check, verify and restore, and no more than is known")
  func table() async throws {
    try await BackupShop.open { shop in
      var ids: [String] = []
      for number in 1...3 {
        // No two of the same size.
        try await shop.execute([
          "INSERT INTO notes (note) SELECT SHA2(seq, 512) FROM seq_1_to_\(number * 20)"
        ])
        ids.append(try await shop.makeGoodBackup())
      }
      let names = ids
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (place, damage) in DamageRow.all.enumerated() {
          if place >= 4 { try await group.next() }
          group.addTask { try await Self.run(damage, number: place, names, shop) }
        }
        try await group.waitForAll()
      }
    }
  }

  private static func run(
    _ damage: DamageRow, number: Int, _ ids: [String], _ shop: BackupShop
  ) async throws {
    let folder = shop.root.appending(path: "row-\(number)").path
    try FileManager.default.copyItem(atPath: shop.folder, toPath: folder)
    try damage.happen(folder, ids)
    func filled(_ text: String) -> String {
      ids.enumerated().reduce(text) { $0.replacing("$\($1.offset + 1)", with: $1.element) }
    }
    func expect(_ arguments: [String], _ answer: DamageRow.Answer) async throws {
      let run = try await shop.payops(
        arguments + ["--dir", folder], wrapper: damage.isLimited ? Self.limits : [])
      let hasAnswered =
        run.status == answer.status && (run.output + run.errors).contains(filled(answer.text))
      #expect(hasAnswered, "\(damage.name): \(arguments.joined(separator: " ")): \(run)")
    }
    let restore = ["restore", "--latest", "--as", "row_\(number)"]
    try await expect(["backup", "list"], damage.list)
    try await expect(["backup", "check"], damage.check)
    if let checksum = damage.checksum {
      try await expect(["backup", "list", "--checksum"], checksum)
      try await expect(["backup", "check", "--checksum"], checksum)
    }
    try await expect(restore, damage.restore)
    try await shop.execute(["DROP DATABASE IF EXISTS row_\(number)"])
    try await expect(restore + ["--next-good"], .init(0, "restored \(damage.nextGood) into"))
    try await shop.execute(["DROP DATABASE IF EXISTS row_\(number)"])
    try await expect(["backup", "verify", ids[2], "--on", "server"], damage.verify)
    guard let state = damage.state else { return }
    let backup = try BackupFolder(path: folder).backup(ids[2])
    #expect(backup.verification.state.rawValue == state, "\(damage.name)")
    #expect((backup.verification.attempt != nil) == damage.isLimited, "\(damage.name)")
    guard state == "failed" else { return }
    // From now on it is known, and the one before is the newest that is verified.
    try await expect(["backup", "check"], .init(1, "$3 FAILED its verification"))
    if damage.nextGood == "$2" {
      try await expect(restore, .init(0, "restored $2 into"))
      try await shop.execute(["DROP DATABASE IF EXISTS row_\(number)"])
    }
  }
}

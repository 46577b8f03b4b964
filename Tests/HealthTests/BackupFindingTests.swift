import Backup
import Foundation
import TestSupport
import Testing

@testable import Health

@Suite("The doctor on a folder of backups")
struct BackupFindingTests {
  private func finding(of name: String?) throws -> Finding {
    let directory = try TemporaryDirectory.make("doctor")
    defer { TemporaryDirectory.remove(directory) }
    if let name {
      let backup = directory.appending(path: name)
      try FileManager.default.createDirectory(at: backup, withIntermediateDirectories: false)
      try Data("{".utf8).write(to: backup.appending(path: "manifest.json"))
    }
    let survey = try BackupSurvey(BackupFolder(path: directory.path), readsAll: false)
    return Check.backups(
      BackupHealth(survey, schema: "shop", maximumAge: 3600, now: 1_790_000_000))
  }

  @Test("an empty backup folder is a warning, one with only damaged backups a failure")
  func nothingGood() throws {
    #expect(try finding(of: nil).verdict == .warning)
    #expect(try finding(of: "other-20261129T170000Z-1").verdict == .warning)
    #expect(try finding(of: "shop-20261129T170000Z-1").verdict == .failure)
  }
}

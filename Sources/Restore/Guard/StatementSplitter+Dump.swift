internal import Backup
internal import MariaDBClient

extension StatementSplitter {
  /// Ends the text of a dump.
  ///
  /// - Throws: ``BackupError/Code/damaged`` when it ends inside a statement.
  mutating func finishDump(_ onStatement: ([UInt8]) throws -> Void) throws {
    guard try finish(onStatement) else {
      throw BackupError(.damaged, "the dump ends inside a statement")
    }
  }
}

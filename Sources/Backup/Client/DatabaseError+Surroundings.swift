internal import MariaDBClient

extension DatabaseError {
  /// Whether the server, its machine, the account or the connection is at fault, so that the
  /// statement itself may be valid.
  package var isOfSurroundings: Bool {
    switch code {
    case .cannotConnect, .connectionLost, .closed, .busy, .accessDenied, .tlsUnavailable,
      .tlsRejected, .localInfileRefused, .rollbackFailed, .deadlock, .lockTimeout, .recordChanged,
      .interrupted, .storageFull, .client:
      true
    default:
      Self.surroundings.contains(errno)
        || ([1005, 1025].contains(errno) && Self.diskErrors.contains(where: serverMessage.contains))
    }
  }

  /// Errors of files, memory, threads and limits of the server, and of what it refuses to everyone.
  private static let surroundings: Set<UInt32> = [
    1004, 1006, 1010, 1011, 1012, 1013, 1014, 1015, 1016, 1017, 1018, 1023, 1024, 1026, 1030, 1034,
    1036, 1037, 1038, 1041, 1119, 1135, 1153, 1158, 1159, 1160, 1161, 1194, 1195, 1203, 1206,
    1223, 1226, 1290, 1297, 1301, 1419, 1436, 1637, 1792, 1836, 4031,
  ]

  /// How errors 1005 and 1025 say that the disk is full, broken or read-only.
  private static let diskErrors = [
    "errno: 28", "errno: 122", "errno: 5 ", "errno: 30", "errno: 13",
  ]
}

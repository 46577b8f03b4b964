internal import CMariaDB

extension Row {
  /// Copies the current row of a result.
  init(
    layout: RowLayout, cells: MYSQL_ROW, lengths: UnsafeMutablePointer<UInt>, count: Int
  ) {
    var total = 0
    for position in 0..<count { total += Int(lengths[position]) }
    var ends = [Int](repeating: 0, count: count)
    let storage = [UInt8](unsafeUninitializedCapacity: total) { buffer, used in
      for position in 0..<count {
        if let cell = cells[position] {
          let length = Int(lengths[position])
          if length > 0, let base = buffer.baseAddress {
            UnsafeMutableRawPointer(base + used).copyMemory(from: cell, byteCount: length)
          }
          used += length
          ends[position] = used
        } else {
          ends[position] = ~used
        }
      }
    }
    self.init(layout: layout, storage: storage, ends: ends)
  }
}

extension Column {
  /// The columns of a result.
  static func read(_ result: UnsafeMutablePointer<MYSQL_RES>, count: Int) -> [Column] {
    guard let fields = mysql_fetch_fields(result) else { return [] }
    return (0..<count).map { position in
      let field = fields + position
      let name = UnsafeRawBufferPointer(
        start: field.pointee.name, count: Int(field.pointee.name_length))
      return Column(
        name: String(decoding: name, as: UTF8.self), typeName: typeName(field.pointee),
        isNumeric: payops_field_is_numeric(field) != 0, characters: characters(field.pointee))
    }
  }

  /// The most bytes of a character in the character set of every connection, utf8mb4.
  private static let bytesPerCharacter: UInt = 4

  private static func characters(_ field: MYSQL_FIELD) -> Int? {
    switch field.type {
    case MYSQL_TYPE_VARCHAR, MYSQL_TYPE_VAR_STRING, MYSQL_TYPE_STRING, MYSQL_TYPE_BLOB,
      MYSQL_TYPE_TINY_BLOB, MYSQL_TYPE_MEDIUM_BLOB, MYSQL_TYPE_LONG_BLOB:
      Int(field.length / bytesPerCharacter)
    default: nil
    }
  }

  /// Number of the `binary` character set: the mark of BLOB and VARBINARY.
  private static let binaryCharacterSet: UInt32 = 63

  private static func typeName(_ field: MYSQL_FIELD) -> String {
    let isBinary = field.charsetnr == binaryCharacterSet
    switch field.type {
    case MYSQL_TYPE_TINY: return "tinyint"
    case MYSQL_TYPE_SHORT: return "smallint"
    case MYSQL_TYPE_INT24: return "mediumint"
    case MYSQL_TYPE_LONG: return "int"
    case MYSQL_TYPE_LONGLONG: return "bigint"
    case MYSQL_TYPE_DECIMAL, MYSQL_TYPE_NEWDECIMAL: return "decimal"
    case MYSQL_TYPE_FLOAT: return "float"
    case MYSQL_TYPE_DOUBLE: return "double"
    case MYSQL_TYPE_BIT: return "bit"
    case MYSQL_TYPE_YEAR: return "year"
    case MYSQL_TYPE_DATE, MYSQL_TYPE_NEWDATE: return "date"
    case MYSQL_TYPE_TIME, MYSQL_TYPE_TIME2: return "time"
    case MYSQL_TYPE_DATETIME, MYSQL_TYPE_DATETIME2: return "datetime"
    case MYSQL_TYPE_TIMESTAMP, MYSQL_TYPE_TIMESTAMP2: return "timestamp"
    case MYSQL_TYPE_NULL: return "null"
    case MYSQL_TYPE_JSON: return "json"
    case MYSQL_TYPE_ENUM: return "enum"
    case MYSQL_TYPE_SET: return "set"
    case MYSQL_TYPE_GEOMETRY: return "geometry"
    case MYSQL_TYPE_TINY_BLOB, MYSQL_TYPE_MEDIUM_BLOB, MYSQL_TYPE_LONG_BLOB, MYSQL_TYPE_BLOB:
      return isBinary ? "blob" : "text"
    case MYSQL_TYPE_STRING: return isBinary ? "binary" : "char"
    default: return isBinary ? "varbinary" : "varchar"
    }
  }
}

//! Parquet tables of plain columns: the same rows give the same bytes.
//!
//! The low-level column writers are used as they are: the tables here are flat, every column is
//! required, and nothing of them needs Arrow in between.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding};
use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use super::RecordError;

/// What the footer names as the writer: without a version, so that a new release of the library
/// alone changes no byte of it.
const CREATED_BY: &str = "tercio";

/// Starts a table with a schema in Parquet's text form. The `sorted` columns, of integers that
/// mostly grow, are stored as differences; all others through a dictionary where that pays.
pub(super) fn start<W: Write + Send>(
    inner: W,
    schema: &str,
    sorted: &[&str],
) -> Result<SerializedFileWriter<W>> {
    let mut properties = WriterProperties::builder()
        .set_created_by(CREATED_BY.to_owned())
        .set_compression(Compression::SNAPPY);
    for name in sorted {
        let column = ColumnPath::from(*name);
        properties = properties
            .set_column_dictionary_enabled(column.clone(), false)
            .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
    }
    let schema = Arc::new(parse_message_type(schema)?);
    SerializedFileWriter::new(inner, schema, Arc::new(properties.build()))
}

/// Writes the next column of a row group.
fn write_column<W: Write + Send, T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
) -> Result<()> {
    let missing = || ParquetError::General("more columns than the schema has".to_owned());
    let mut column = group.next_column()?.ok_or_else(missing)?;
    column.typed::<T>().write_batch(values, None, None)?;
    column.close()
}

/// Writes the next column, of unsigned integers.
pub(super) fn write_integers<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: impl Iterator<Item = u64>,
) -> Result<()> {
    let values: Vec<i64> = values.map(u64::cast_signed).collect();
    write_column::<W, Int64Type>(group, &values)
}

/// Writes the next column, of numbers.
pub(super) fn write_numbers<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: impl Iterator<Item = f64>,
) -> Result<()> {
    let values: Vec<f64> = values.collect();
    write_column::<W, DoubleType>(group, &values)
}

/// Writes the next column, of text.
pub(super) fn write_texts<'a, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: impl Iterator<Item = &'a str>,
) -> Result<()> {
    let values: Vec<ByteArray> = values.map(ByteArray::from).collect();
    write_column::<W, ByteArrayType>(group, &values)
}

/// Reads every row group of a table through a function that gives the group's rows.
pub(super) fn read<T>(
    path: &Path,
    mut group_rows: impl FnMut(&dyn RowGroupReader) -> Result<Vec<T>>,
) -> std::result::Result<Vec<T>, RecordError> {
    let file = File::open(path).map_err(RecordError::io("open", path))?;
    let reader = SerializedFileReader::new(file).map_err(RecordError::table(path))?;
    let mut rows = Vec::new();
    for index in 0..reader.num_row_groups() {
        let group = reader
            .get_row_group(index)
            .map_err(RecordError::table(path))?;
        rows.extend(group_rows(group.as_ref()).map_err(RecordError::table(path))?);
    }
    Ok(rows)
}

/// All values of one column of a row group.
fn read_column<T: DataType>(group: &dyn RowGroupReader, index: usize) -> Result<Vec<T::T>> {
    let rows = usize::try_from(group.metadata().num_rows())
        .map_err(|_| ParquetError::General("a negative number of rows".to_owned()))?;
    let mut reader = get_typed_column_reader::<T>(group.get_column_reader(index)?);
    let mut values = Vec::new();
    reader.read_records(rows, None, None, &mut values)?;
    if values.len() != rows {
        return Err(ParquetError::General(format!(
            "column {index} has too few values"
        )));
    }
    Ok(values)
}

/// A column of unsigned integers.
pub(super) fn integers(group: &dyn RowGroupReader, index: usize) -> Result<Vec<u64>> {
    let values = read_column::<Int64Type>(group, index)?;
    Ok(values.into_iter().map(i64::cast_unsigned).collect())
}

/// A column of numbers.
pub(super) fn numbers(group: &dyn RowGroupReader, index: usize) -> Result<Vec<f64>> {
    read_column::<DoubleType>(group, index)
}

/// A column of text.
pub(super) fn texts(group: &dyn RowGroupReader, index: usize) -> Result<Vec<String>> {
    let values = read_column::<ByteArrayType>(group, index)?;
    values
        .iter()
        .map(|value| Ok(value.as_utf8()?.to_owned()))
        .collect()
}

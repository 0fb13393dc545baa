namespace Aval.Storage;

/// <summary>
/// The engine's functions that make a value of their arguments and of nothing else: the same whenever, wherever and by
/// whomever they are asked. A closed list, since the engine calls functions pure that read the clock or the session
/// (<c>ago</c>, <c>age</c>, <c>current_localtime</c>, <c>getvariable</c>), and a newer engine has more of them.
/// <para>
/// Left out though pure: what takes a function's name as text (<c>list_aggregate</c>), what hashes as this version of
/// the engine does (<c>hash</c>), what tells of the engine (<c>version</c>). The time zone is the engine's own, UTC,
/// always.
/// </para>
/// </summary>
internal static class PureFunctions
{
    /// <summary>By name, as the engine's parser has it.</summary>
    public static IReadOnlySet<string> Names { get; } = new HashSet<string>(Words("""
        !__postfix !~~ !~~* % & && * ** + - ->> / // << <@ >> @ @> ^ ^@ | || ~ ~~ ~~* ~~~

        array_to_string ascii bar bit_length char_length character_length chr concat concat_ws contains
        damerau_levenshtein editdist3 ends_with format hamming ilike_escape instr jaccard jaro_similarity
        jaro_winkler_similarity lcase left left_grapheme len length length_grapheme levenshtein like_escape lower lpad
        ltrim mismatches nfc_normalize not_ilike_escape not_like_escape octet_length ord parse_dirname parse_dirpath
        parse_filename parse_path position prefix printf regexp_escape regexp_extract regexp_extract_all
        regexp_full_match regexp_matches regexp_replace regexp_split_to_array repeat replace reverse right
        right_grapheme rpad rtrim split split_part starts_with str_split str_split_regex string_split string_split_regex
        string_to_array strip_accents strlen strpos substr substring substring_grapheme suffix translate trim ucase
        unicode upper url_decode url_encode

        base64 bin decode encode from_base64 from_binary from_hex hex md5 md5_number md5_number_lower md5_number_upper
        sha1 sha256 to_base64 to_binary to_hex unbin unhex

        abs add bit_count cbrt ceil ceiling divide even exp factorial fdiv floor fmod gcd greatest
        greatest_common_divisor isfinite isinf isnan lcm least least_common_multiple ln log log10 log2 mod multiply
        nullif pi pow power round round_even roundbankers sign signbit sqrt subtract to_base trunc xor

        century date_add date_diff date_part date_sub date_trunc datediff datepart datesub datetrunc day dayname
        dayofmonth dayofweek dayofyear days_in_month decade epoch epoch_ms epoch_ns epoch_us era hour isodow isoyear
        julian last_day make_date make_time make_timestamp make_timestamp_ms make_timestamp_ns make_timestamptz
        microsecond millennium millisecond minute month monthname nanosecond normalized_interval quarter second strftime
        strptime time_bucket timezone timezone_hour timezone_minute to_centuries to_days to_decades to_hours
        to_microseconds to_millennia to_milliseconds to_minutes to_months to_quarters to_seconds to_timestamp to_weeks
        to_years try_strptime week weekday weekofyear year yearweek

        apply array_append array_apply array_cat array_concat array_contains array_distinct array_extract array_filter
        array_grade_up array_has array_has_all array_has_any array_indexof array_intersect array_length array_pop_back
        array_pop_front array_position array_prepend array_push_back array_push_front array_reduce array_resize
        array_reverse array_reverse_sort array_select array_slice array_sort array_transform array_unique array_value
        array_where array_zip element_at filter flatten grade_up list_any_value list_append list_apply list_bool_and
        list_bool_or list_cat list_concat list_contains list_count list_distinct list_element list_extract list_filter
        list_first list_grade_up list_has list_has_all list_has_any list_indexof list_intersect list_last list_max
        list_min list_pack list_position list_prepend list_reduce list_resize list_reverse list_reverse_sort list_select
        list_slice list_sort list_string_agg list_sum list_transform list_unique list_value list_where list_zip reduce

        cardinality map map_concat map_contains map_contains_entry map_contains_value map_entries map_extract
        map_extract_value map_from_entries map_keys map_values row struct_concat struct_contains struct_extract
        struct_extract_at struct_has struct_indexof struct_insert struct_keys struct_pack struct_position struct_update
        struct_values typeof union_extract union_tag union_value uuid_extract_timestamp uuid_extract_version

        array_to_json from_json from_json_strict json json_array json_array_length json_contains json_exists
        json_extract json_extract_path json_extract_path_text json_extract_string json_keys json_merge_patch json_object
        json_pretty json_quote json_structure json_transform json_transform_strict json_type json_valid json_value
        row_to_json to_json
        """), StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The allowed name that is nearest to one that is not, as <c> (did you mean …?)</c>; empty when none is near.
    /// </summary>
    public static string Nearest(Engine engine, string name, IEnumerable<string> allowed)
    {
        // No allowed name is longer, and a megabyte need not be compared.
        if (name.Length > 64)
            return "";
        var nearest = engine.Query(
            $"""
            SELECT known
            FROM (SELECT unnest({Engine.Literal(allowed.Where(word => char.IsAsciiLetter(word[0])))}) AS known)
            WHERE damerau_levenshtein(known, $name) <= greatest(1, length($name) // 3)
            ORDER BY damerau_levenshtein(known, $name), known LIMIT 1
            """,
            row => row.GetString(0), ("name", name.ToLowerInvariant()));
        return nearest is [var known] ? $" (did you mean {known}?)" : "";
    }

    internal static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}

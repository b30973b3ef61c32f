#!/usr/bin/perl
# A third verifier of ssj-draw/2, for the tests: perl verify.pl DIR...   One line for each folder: "ok DIR" or "no DIR: why".
# Written from PROTOCOL.md alone. It computes all of sections 2 to 9 again; SsjValues.pm has canonical writing, shapes, digests and signatures.
use strict; use warnings; use utf8;
use Digest::SHA qw(sha256 sha256_hex hmac_sha256 hmac_sha256_hex);
use Encode qw(encode decode);
use Math::BigInt; use Math::BigRat;
use Time::Local qw(timegm);
use FindBin ();
use lib $FindBin::Bin;
use SsjValues qw(canonical forget read_json shaped day signed sm3 $COMMITMENT $RESULT $TEAMS $CALENDAR $LINE %BODY);
binmode STDOUT, ":encoding(UTF-8)";

my (@bad, %load, %pair);
sub expect { my ($right, $words) = @_; push @bad, $words unless $right }
sub utf { encode("UTF-8", $_[0]) }
sub sha { sha256_hex(utf($_[0])) }
sub slurp { my ($path) = @_; open(my $in, "<:raw", $path) or die "no file $path\n"; local $/; return scalar <$in> }
sub same { join("\n", @{$_[0]}) eq join("\n", @{$_[1]}) }
sub sum { my $n = 0; $n += $_ for @_; return $n }
sub max { my $m = shift; for (@_) { $m = $_ if $_ > $m } return $m }
sub min { my $m = shift; for (@_) { $m = $_ if $_ < $m } return $m }
sub head {
    my @level = map { sha256("\0" . utf($_)) } @_;
    return sha256_hex("") unless @level;
    while (@level > 1) {
        my @next;
        while (@level) { my ($a, $b) = splice(@level, 0, 2); push @next, defined $b ? sha256("\1$a$b") : $a }
        @level = @next;
    }
    return unpack("H*", $level[0]);
}

# ---- days ----
sub seconds { my ($y, $m, $d) = split /-/, $_[0]; return timegm(0, 0, 0, $d, $m - 1, $y) }
sub iso { my @t = gmtime($_[0]); return sprintf("%04d-%02d-%02d", $t[5] + 1900, $t[4] + 1, $t[3]) }
sub weekday { return (gmtime(seconds($_[0])))[6] || 7 }
sub day_of { my ($at) = @_; return iso(seconds(substr($at, 0, 10)) + 3600 * substr($at, 11, 2) + 60 * substr($at, 14, 2) + substr($at, 17, 2) + 8 * 3600) }
my %on = (ssq => [2, 4, 7], dlt => [1, 3, 6], map { $_ => [1 .. 7] } qw(fc3d pl3 pl5));
my %results = (ssq => 17721088, dlt => 21425712, fc3d => 1000, pl3 => 1000, pl5 => 100000, drand => 1e15, dice => 1);
sub days_right {
    my ($kind, $year, @days) = @_;
    my ($left, $at) = (0, seconds("$year-01-01"));
    my %drawn = map { $_ => 1 } @{$on{$kind}};
    for my $given (@days) {
        return 0 if $given lt iso($at) || !$drawn{weekday($given)} || substr($given, 0, 4) ne $year;
        for (; iso($at) lt $given; $at += 86400) {
            next unless $drawn{weekday(iso($at))};
            my $d = substr(iso($at), 5);
            $left++;
            return 0 unless $d ge "01-15" && $d le "03-05" || $d ge "10-01" && $d le "10-08";
        }
        $at = seconds($given) + 86400;
    }
    return $left <= (@{$on{$kind}} == 7 ? 20 : 8);
}
sub zone { my ($t, $count, $most) = @_; my @b = split /\./, $t, -1;
    return 0 if @b != $count || grep { !/^[0-9]{2}$/ || $_ < 1 || $_ > $most } @b;
    for my $i (1 .. $#b) { return 0 if $b[$i] le $b[$i - 1] }
    return 1 }
sub value_right {
    my ($s, $v) = @_;
    if ($s->{kind} eq "ssq" || $s->{kind} eq "dlt") {
        my @z = split /\+/, $v, -1;
        return @z == 2 && ($s->{kind} eq "ssq" ? zone($z[0], 6, 33) && zone($z[1], 1, 16) : zone($z[0], 5, 35) && zone($z[1], 2, 12));
    }
    return $v =~ /^[0-9a-f]{96}$/ if $s->{kind} eq "drand";
    my $size = {fc3d => 3, pl3 => 3, pl5 => 5}->{$s->{kind}} || $s->{digits};
    return $v =~ /^[0-9]{$size}$/;
}
sub check_sources {
    my ($c, $calendar) = @_;
    my ($results, %seen) = (1);
    my @s = @{$c->{sources}};
    expect(@s >= 1 && @s <= 4 && (@s > 1 || $c->{sources_reason} =~ /\S/) && (grep { $_->{kind} eq "dice" } @s) < 2, "sources");
    for my $s (@s) {
        my $has = $s->{kind} eq "drand" ? "round" : $s->{kind} eq "dice" ? "digits" : "issue";
        expect(!$seen{join "|", $s->{kind}, $s->{issue} // "", $s->{round} // ""}++, "source twice");
        expect(!(grep { defined $s->{$_} xor $_ eq $has } qw(issue round digits)), "fields of source");
        $results *= $results{$s->{kind}};
        if ($s->{kind} eq "dice") { expect($s->{digits} >= 1 && $s->{digits} <= 200, "digits") }
        elsif ($s->{kind} eq "drand") { expect(iso(1692803367 + 3 * ($s->{round} - 1) + 8 * 3600) eq $s->{day}, "day of round") }
        else {
            my ($year, $n) = (substr($s->{issue}, 0, 4), substr($s->{issue}, 4));
            my @days = @{$calendar->{issues}{$s->{kind}}{$year} // []};
            expect(days_right($s->{kind}, $year, @days), "calendar");
            expect($n >= 1 && $n <= @days && $days[$n - 1] eq $s->{day}, "day of issue");
        }
    }
    expect($results >= 1e6, "too few results");
}

# ---- quotas ----
sub ratio {
    my ($t) = @_;
    my $r;
    if ($t =~ m{^([0-9]{1,9})(?:\.([0-9]{1,9}))?(%?)$}) { my $part = $2 // ""; $r = Math::BigRat->new("$1$part") / Math::BigRat->new("1" . "0" x length($part)); $r /= 100 if $3 }
    elsif ($t =~ m{^([0-9]{1,9})/([0-9]{1,9})$}) { $r = Math::BigRat->new("$1/$2") }
    die "ratio $t\n" unless defined $r && $r > 0 && $r <= 1;
    return $r;
}
sub amount { my ($b, $base) = @_; die "count and ratio\n" unless defined $b->{count} xor defined $b->{ratio};
    return defined $b->{count} ? Math::BigRat->new($b->{count}) : ratio($b->{ratio}) * $base }
sub up { return $_[0]->copy->bceil->numify } sub down { return $_[0]->copy->bfloor->numify }
sub share {
    my ($total, $w) = @_;
    my %found = map { $_ => 0 } keys %$w;
    my $whole = Math::BigRat->new(0); $whole += $_ for values %$w;
    return \%found if $total <= 0 || $whole == 0;
    my %rest;
    for (keys %$w) { my $x = Math::BigRat->new($w->{$_}) * $total / $whole; $found{$_} = down($x); $rest{$_} = $x - $found{$_} }
    my $left = $total - sum(values %found);
    my @order = sort { $rest{$b} <=> $rest{$a} || $a cmp $b } keys %$w;
    $found{$_}++ for @order[0 .. $left - 1];
    return \%found;
}
sub quotas {
    my ($rules, $strata) = @_;
    my @names = sort keys %$strata;
    my %by = map { $_->{stratum} => $_ } @{$rules->{strata}};
    die "strata of the rules\n" unless same([sort map { $_->{stratum} } @{$rules->{strata}}], \@names);
    for my $rule (@{$rules->{strata}}) {
        my @ends = map { $_->{up_to} } @{$rule->{bands}};
        my $last = pop @ends;
        expect(!defined $last && !(grep { !defined } @ends) && !(grep { $ends[$_] <= $ends[$_ - 1] } 1 .. $#ends)
            && (!defined $rule->{max} || $rule->{max} >= $rule->{min}), "bands");
        amount($_, 1) for @{$rule->{bands}};
    }
    my %groups;
    for my $g (@{$rules->{groups}}) {
        amount($g, 1);
        my %once; expect(!(grep { !$by{$_} || $once{$_}++ } @{$g->{strata}}) && ($g->{kind} ne "total" || !defined $g->{ratio}), "group");
        push @{$groups{$g->{kind}}}, [$g, @{$g->{strata}} ? @{$g->{strata}} : @names];
    }
    my (%x, %first, %shared, %m, %room, %bounded);
    for my $k (@names) {
        my $base = $strata->{$k}{$rules->{base} // "listed"};
        my ($band) = grep { !defined $_->{up_to} || $base <= $_->{up_to} } @{$by{$k}{bands}};
        $x{$k} = amount($band, $base); $first{$k} = $shared{$k} = up($x{$k});
    }
    for (@{$groups{total}}) { my ($g, @mine) = @$_; my %part; @part{@mine} = @x{@mine}; %shared = (%shared, %{share($g->{count}, \%part)}) }
    for my $k (@names) {
        my $able = $strata->{$k}{eligible} // $strata->{$k}{listed};
        $m{$k} = $able ? $by{$k}{min} : 0; $room{$k} = defined $by{$k}{max} ? min($able, $by{$k}{max}) : $able;
        $bounded{$k} = min($room{$k}, max($shared{$k}, $m{$k}));
    }
    my %floored = %bounded;
    for (@{$groups{floor}}) { my ($g, @mine) = @$_;
        my $need = up(amount($g, sum(map { $strata->{$_}{$rules->{base} // "listed"} } @mine)));
        my %free = map { $_ => $room{$_} - $floored{$_} } @mine;
        my $more = share(min($need - sum(@floored{@mine}), sum(values %free)), \%free);
        $floored{$_} += $more->{$_} for @mine }
    my %quota = %floored;
    for (@{$groups{cap}}) { my ($g, @mine) = @$_;
        my $most = down(amount($g, sum(map { $strata->{$_}{$rules->{base} // "listed"} } @mine)));
        my %spare = map { $_ => max(0, $quota{$_} - $m{$_}) } @mine;
        my $less = share(min(sum(@quota{@mine}) - $most, sum(values %spare)), \%spare);
        $quota{$_} -= $less->{$_} for @mine }
    return map { {stratum => $_, listed => $strata->{$_}{listed},
        ($rules->{base} ? (eligible => $strata->{$_}{eligible}, base => $strata->{$_}{$rules->{base}}) : ()),
        first => $first{$_}, shared => $shared{$_}, bounded => $bounded{$_}, floored => $floored{$_}, quota => $quota{$_}} } @names;
}
# Numbers computed here and read from JSON are compared as texts of lines.
sub lines_of { return join "\n", map { my $q = $_; join "|", map { $q->{$_} // "" } qw(stratum listed eligible base first shared bounded floored quota) } @_ }

# ---- rosters ----
my %sm3;
sub sm3_of { my $data = utf($_[0]); return $sm3{sha256_hex($data)} //= sm3($data) }
my @former = qw(lot stratum eligible);
my %open = (objects => [qw(lot stratum)], people => [qw(lot)]);
sub part { my ($opening, $takes) = @_; return sha256_hex($opening . ($takes ? "1" : "0")) }
my %sealed = (objects => [qw(object_id name credit_class class_date district section items exclude_reason)],
    people => [qw(person_id pools section labels districts certificate cert_valid_to eligible exclude_reason recusals load previous)]);
sub read_table {
    my ($kind, $data, $digest) = @_;
    my @lines = split /\n/, decode("UTF-8", $data, 1), -1;
    expect(pop(@lines) eq "", "$kind: end");
    my @columns = split /\t/, shift @lines, -1;
    my @first = "@columns" =~ /^lot stratum eligible / ? @former : @{$open{$kind}};
    my $hides = $kind eq "objects" && @first == 2;
    my @shown = (@first, $hides ? "part" : (), "seal");
    my $whole = "@columns" eq join " ", @first, @{$sealed{$kind}}, "salt";
    die "$kind: columns\n" unless $whole || "@columns" eq "@shown";
    my (@rows, @public, %id, $last);
    for my $line (@lines) {
        my @cells = split /\t/, $line, -1;
        die "$kind: cells\n" unless @cells == @columns;
        my %r; @r{@columns} = @cells;
        $r{seal} = sha256_hex(pack("H*", $r{salt}) . utf(join "\t", @r{@{$sealed{$kind}}})) if $whole;
        $r{part} = part(substr(hmac_sha256("part", pack("H*", $r{salt})), 0, 16), $r{exclude_reason} eq "") if $whole && $hides;
        push @public, join "\t", @r{@shown};
        expect(!$hides || $r{part} =~ /\A[0-9a-f]{64}\z/, "$kind: part");
        expect($r{lot} =~ /\A[0-9a-f]{32}\z/ && (!defined $last || $r{lot} gt $last) && $r{seal} =~ /\A[0-9a-f]{64}\z/, "$kind: lots");
        $last = $r{lot};
        if ($whole) {
            my $name = $r{$sealed{$kind}[0]};
            expect($name =~ /\A[A-Za-z0-9_-]{1,64}\z/ && !$id{$name}++ && $r{salt} =~ /\A[0-9a-f]{32}\z/, "$kind: ids");
            expect(!(grep { defined $r{$_} && $r{$_} ne "" && !day($r{$_}) } qw(class_date cert_valid_to)) && ($r{load} // 0) =~ /\A(?:0|[1-9][0-9]{0,8})\z/, "$kind: values");
            expect($hides ? "$r{exclude_reason}$r{stratum}" ne "" : ($r{exclude_reason} eq "") == ($r{eligible} eq "1"), "$kind: exclude_reason");
            for (qw(items pools labels districts recusals previous)) {
                next unless defined $r{$_};
                my @parts = split /;/, $r{$_}, -1;
                expect(!(grep { $_ eq "" } @parts) && !(grep { $parts[$_] le $parts[$_ - 1] } 1 .. $#parts), "$kind: list");
                $r{$_} = \@parts;
            }
        }
        $r{takes} = $hides ? $r{stratum} ne "" : ($r{eligible} // "") eq "1";
        push @rows, \%r;
    }
    expect(@rows == $digest->{rows} && head(@public) eq $digest->{root}, "$kind: rows or root");
    expect(sm3_of(join "", map { "$_\n" } join("\t", @shown), @public) eq $digest->{sm3}, "$kind: SM3");
    return ($whole, @rows);
}

# ---- custodians ----
sub product { my ($a, $b) = @_; my $r = 0; for (; $b; $b >>= 1) { $r ^= $a if $b & 1; $a <<= 1; $a ^= 0x11b if $a & 256 } return $r }
sub code_of {
    my ($k, @shares) = @_;
    unless ($k) { expect(!@shares, "shares"); return "\0" x 32 }
    my (%given, @key, %name);
    my @known = @{$k->{shares}};
    expect($k->{threshold} >= 2 && $k->{threshold} <= @known && @known <= 20 && !(grep { $name{$_->{name}}++ } @known)
        && join(",", map { $_->{index} } @known) eq join(",", 1 .. @known), "custodians");
    for my $s (@shares) {
        expect((grep { $_->{name} eq $s->{name} && $_->{index} == $s->{index} && $_->{sha256} eq sha256_hex(pack("H*", $s->{share})) } @{$k->{shares}}) == 1, "share");
        $given{$s->{index}} = [unpack "C*", pack "H*", $s->{share}];
    }
    expect(keys %given == @shares && @shares >= $k->{threshold} && $k->{threshold} >= 2, "too few shares");
    for my $x (keys %given) {
        my $weight = 1;
        for my $o (grep { $_ != $x } keys %given) { my ($i) = grep { product($_, $o ^ $x) == 1 } 1 .. 255; $weight = product($weight, product($o, $i)) }
        $key[$_] = ($key[$_] // 0) ^ product($given{$x}[$_], $weight) for 0 .. 31;
    }
    my $key = pack "C*", @key;
    expect(sha256_hex($key) eq $k->{key_sha256}, "key");
    return $key;
}

# ---- people ----
sub within { my ($a, $b) = @_; my %b = map { $_ => 1 } @$b; return !grep { !$b{$_} } @$a }
sub meets { my ($a, $b) = @_; my %b = map { $_ => 1 } @$b; return scalar grep { $b{$_} } @$a }
sub may_go {
    my ($rules, $place, $p, @things) = @_;
    return 0 unless $p->{eligible} eq "1" && meets([$place->{pool}], $p->{pools}) && within($place->{labels}, $p->{labels});
    return 0 if @{$place->{sections}} && !meets([$p->{section}], $place->{sections});
    return 0 if $place->{certificate} && $p->{cert_valid_to} lt $rules->{valid_on};
    for my $t (@things) {
        return 0 if meets([$t->{object_id}], $p->{recusals}) || $rules->{rotation} && meets([$t->{object_id}], $p->{previous});
        return 0 if $place->{own_section} && $t->{section} ne $p->{section};
        return 0 if $place->{district} && @{$p->{districts}} && !meets([$t->{district}], $p->{districts});
        return 0 if $place->{items} eq "any" && @{$t->{items}} && !meets($t->{items}, $p->{labels});
        return 0 if $place->{items} eq "all" && !within($t->{items}, $p->{labels});
    }
    return 1;
}
sub fillable {  # plain search: places are few
    my ($options, $used) = @_;
    return 1 unless @$options;
    my ($first, @rest) = sort { @$a <=> @$b } @$options;
    for my $p (@$first) { next if $used->{$p}; return 1 if fillable(\@rest, {%$used, $p => 1}) }
    return 0;
}

sub verify {
    my ($dir) = @_;
    my (%files, $before);
    for my $line (split /\n/, decode("UTF-8", slurp("$dir/manifest.sha256"), 1)) {
        my ($digest, $name) = $line =~ /\A([0-9a-f]{64})  ([^\/\\]+)\z/ or die "manifest\n";
        die "order of the manifest\n" if defined $before && $name le $before;
        $before = $name;
        $files{$name} = slurp("$dir/$name");
        expect(sha256_hex($files{$name}) eq $digest, "manifest: $name");
    }
    exists $files{$_} or die "no $_\n" for qw(commitment.json calendar.json objects.tsv log.jsonl result.json);
    my ($c, $result, $calendar) = map { read_json("$_->[0].json", $files{"$_->[0].json"}, $_->[1]) } ["commitment", $COMMITMENT], ["result", $RESULT], ["calendar", $CALENDAR];
    my $name = sha256_hex($files{"commitment.json"});
    expect($c->{draw_no} >= 1, "draw_no");
    expect(sha256_hex($files{"calendar.json"}) eq $c->{calendar_sha256}, "calendar digest");
    check_sources($c, $calendar);
    my ($whole, @rows) = read_table("objects", $files{"objects.tsv"}, $c->{objects});
    my (%strata, %reasons);
    my $former = exists $c->{objects}{excluded};
    die "forms of the commitment\n" if $former == exists $result->{opened} || grep { $former != exists $_->{eligible} } @rows;
    for (@rows) {
        expect($_->{eligible} =~ /\A[01]\z/ && $_->{stratum} ne "", "eligible") if $former;
        next if $_->{stratum} eq "";
        my $s = $strata{$_->{stratum}} //= {listed => 0, $former ? (eligible => 0) : ()};
        $s->{listed}++;
        if ($former) { $_->{eligible} eq "1" ? $s->{eligible}++ : $reasons{$_->{exclude_reason} // ""}++ }
        next unless $whole;
        my $r = $_; my $made = join "/", map { $r->{$_} } @{$c->{object_rules}{stratum_from}};
        expect($r->{stratum} eq ($made eq "" && !@{$c->{object_rules}{stratum_from}} ? "全部" : $made), "stratum");
    }
    my $counted = sub { my ($h) = @_; join "\n", map { "$_|$h->{$_}{listed}|" . ($h->{$_}{eligible} // "") } sort keys %$h };
    expect($counted->(\%strata) eq $counted->($c->{strata}), "strata");
    my $out = sum(values %reasons);
    expect($c->{objects}{eligible} == @rows - $out && sum(values %{$c->{objects}{excluded}}) == $out, "excluded") if $former;
    expect(join("|", map { "$_=$reasons{$_}" } sort keys %reasons) eq join("|", map { "$_=$c->{objects}{excluded}{$_}" } sort keys %{$c->{objects}{excluded}}), "reasons") if $former && $whole;
    my ($opened_before, %by_lot) = ("", map { $_->{lot} => $_ } @rows);
    for my $o (@{$result->{opened} // []}) {
        my $r = $by_lot{$o->{lot}} // die "opened: $o->{lot}\n";
        expect($o->{lot} gt $opened_before && part(pack("H*", $o->{salt}), $o->{takes_part}) eq $r->{part}, "opened");
        $opened_before = $o->{lot};
        $r->{takes} = 0 unless $o->{takes_part};
    }
    my @quotas = quotas($c->{object_rules}, \%strata);
    expect(lines_of(@quotas) eq lines_of(@{$c->{quotas}}) && sum(map { $_->{quota} } @quotas) > 0, "quotas");

    my (@parts, @values) = ();
    @values = @{$result->{values}};
    expect(@values == @{$c->{sources}}, "values");
    for my $i (0 .. $#{$c->{sources}}) {
        my $s = $c->{sources}[$i]; my $label = $s->{issue} // $s->{round} // "";
        expect(value_right($s, $values[$i] // ""), "value");
        push @parts, join ":", $s->{kind}, ($label ne "" ? $label : ()), $values[$i] // "";
    }
    my $trial = $c->{batch_id} =~ /^TEST-/;
    my $entropy = ($trial ? "TEST-" : "") . join "/", @parts, "commitment:$name";
    my $prk = hmac_sha256($entropy, code_of($c->{custodians}, @{$result->{shares}}));
    my $ticket = sub { hmac_sha256_hex(utf($_[0]) . "\1", $prk) };

    my (%struck, @strata, @visits, %reason_ok, %shown);
    $reason_ok{$_} = 1 for @{$c->{object_rules}{removal_reasons}};
    for (@{$result->{removals}}) { expect($reason_ok{$_->{reason}} && !$struck{$_->{lot}}++, "removal"); $shown{$_->{lot}} = 1 }
    my $fill = $c->{object_rules}{on_removal} eq "fill";
    for my $q (@quotas) {
        my $n = $q->{quota};
        my @order = sort { $a->[0] cmp $b->[0] || $a->[1] cmp $b->[1] } map { [$ticket->($_->{lot}), $_->{lot}] } grep { $_->{takes} && $_->{stratum} eq $q->{stratum} } @rows;
        $order[$_][2] = $_ + 1 for 0 .. $#order;
        my @drawn = @order[0 .. min($n, scalar @order) - 1];
        $shown{$_->[1]} = 1 for @drawn;
        push @strata, join "|", $q->{stratum}, $n, (@drawn ? $drawn[-1][0] : ""), map { @$_ } @drawn;
        my @kept = grep { !$struck{$_->[1]} } $fill ? @order : @drawn;
        @kept = @kept[0 .. $n - 1] if @kept > $n;
        my $reach = $fill && @kept < $n ? @order : max($n, map { $_->[2] } @kept);
        delete $struck{$_->[1]} for @order[0 .. min($reach, scalar @order) - 1];
        $shown{$_->[1]} = 1 for @kept;
        push @visits, map { [@$_, $q->{stratum}] } @kept;
    }
    expect(!%struck, "removed what was not drawn");
    expect(join(" ", sort keys %shown) eq join(" ", map { $_->{lot} } grep { $_->{takes_part} } @{$result->{opened}}), "who is opened") unless $former;
    @visits = sort { $a->[0] cmp $b->[0] || $a->[1] cmp $b->[1] } @visits;
    my @told = map { my $s = $_; join "|", $s->{stratum}, $s->{quota}, $s->{cutoff}, map { ($_->{ticket}, $_->{lot}, $_->{position}) } @{$s->{drawn}} } @{$result->{strata}};
    expect(join("\n", @told) eq join("\n", @strata), "strata drawn");
    expect(join("\n", map { join "|", @$_ } @visits) eq join("\n", map { join "|", @$_{qw(ticket lot position stratum)} } @{$result->{visits}}), "visits");
    expect($result->{commitment} eq $name && $result->{watermark} eq ($trial ? "试抽，不作为抽查依据" : ""), "result");

    my ($teams, $rules) = (undef, $c->{people_rules});
    expect(!!$rules == !!$c->{people} && !!$rules == exists $files{"people.tsv"}, "people");
    if ($rules) {
        my @places = @{$rules->{places}};
        expect(@places >= 1 && @places <= 12 && ($rules->{valid_on} ne "" || !grep { $_->{certificate} } @places), "rules for people");
        my ($full, @people) = read_table("people", $files{"people.tsv"}, $c->{people});
        expect($full == $whole, "forms of rosters");
        expect(!(grep { !@{$_->{pools}} || !within($_->{pools}, [qw(people experts)]) } @people), "pools") if $full;
        $teams = read_json("teams.json", $files{"teams.json"}, $TEAMS) if exists $files{"teams.json"};
        check_teams($rules, $teams, \@rows, \@people, [map { $_->[1] } @visits], $ticket, $whole) if $teams;
    } else { expect(!exists $files{"teams.json"}, "teams without rules") }
    check_log($c, $name, $result, $teams, $files{"log.jsonl"}, $whole);
}

sub check_teams {
    my ($rules, $teams, $rows, $people, $visits, $ticket, $whole) = @_;
    my %things = map { $_->{lot} => $_ } @$rows;
    my (%now, %gone, %objects, @groups, %group);
    if ($whole) {
        expect(!defined $teams->{key} || $teams->{key} eq sha256_hex(join "", map { pack("H*", $_->{salt}) } @$people), "key of the teams");
        for my $lot (@$visits) {
            my $key = $rules->{team_per} eq "object" ? $lot : $things{$lot}{$rules->{team_per}};
            push @groups, $group{$key} = [] unless $group{$key};
            push @{$group{$key}}, $lot;
        }
        my %load = map { $_->{lot} => $_->{load} } @$people;
        my @right;
        for my $objects (@groups) {
            my ($unit, @here) = ($objects->[0], map { $things{$_} } @$objects);
            my @options = map { my $place = $_; [map { $_->{lot} } grep { may_go($rules, $place, $_, @here) } @$people] } @{$rules->{places}};
            my (%taken, %used);
            my %pair = map { $_ => $ticket->("$unit|$_") } map { @$_ } @options;
            if (fillable(\@options, {})) {
                my @order = sort { @{$options[$a]} <=> @{$options[$b]} || $a <=> $b } 0 .. $#options;
                while (@order) {
                    my $i = shift @order;
                    for my $p (sort { $load{$a} <=> $load{$b} || $pair{$a} cmp $pair{$b} || $a cmp $b } grep { !$used{$_} } @{$options[$i]}) {
                        next unless fillable([@options[@order]], {%used, $p => 1});
                        $taken{$i} = $p; $used{$p} = 1; last;
                    }
                }
            }
            $load{$_} += @$objects for values %taken;
            push @right, join "|", $unit, @$objects, map { ($_, $taken{$_}, $pair{$taken{$_}}) } sort { $a <=> $b } keys %taken;
        }
        my @told = map { my $u = $_; join "|", $u->{unit}, @{$u->{objects}}, map { ($_->{place}, $_->{lot}, $_->{ticket}) } @{$u->{members}} } @{$teams->{units}};
        expect(join("\n", @told) eq join("\n", @right), "teams");
    } else {
        expect(join(" ", sort @$visits) eq join(" ", sort map { @{$_->{objects}} } @{$teams->{units}}), "objects of teams");
        my %known = map { $_->{lot} => 1 } @$people;
        for my $u (@{$teams->{units}}) {
            my %once;
            expect(!(grep { $once{$_->{lot}}++ || !$known{$_->{lot}} || $_->{ticket} ne $ticket->("$u->{unit}|$_->{lot}") } @{$u->{members}}), "team");
            my %mine = map { $_ => 1 } @{$u->{objects}};
            expect(join(" ", @{$u->{objects}}) eq join(" ", grep { $mine{$_} } @$visits), "order of a unit");
            expect(($u->{objects}[0] // "") eq $u->{unit} && (!@{$u->{members}} || join(",", map { $_->{place} } @{$u->{members}}) eq join(",", 0 .. $#{$rules->{places}})), "team");
        }
        my %first = map { $_->{unit} => 1 } @{$teams->{units}};
        expect(join(" ", map { $_->{unit} } @{$teams->{units}}) eq join(" ", grep { $first{$_} } @$visits), "order of teams");
    }
    for my $u (@{$teams->{units}}) { $now{$u->{unit}} = {map { $_->{place} => $_->{lot} } @{$u->{members}}}; $objects{$u->{unit}} = $u->{objects} }
    expect(@{$teams->{whys}} == ($whole ? @{$teams->{replacements}} : 0), "whys");
    my %allowed = map { $_ => 1 } @{$rules->{replacement_reasons}};
    for my $i (0 .. $#{$teams->{replacements}}) {
        my $s = $teams->{replacements}[$i];
        my ($unit, $team) = ($s->{unit}, $now{$s->{unit}} // die "unit\n");
        my %barred = map { $_ => 1 } values %$team, @{$gone{$unit} // []};
        expect(($team->{$s->{place}} // "") eq $s->{leaving} && !$barred{$s->{joining}} && $s->{ticket} eq $ticket->("$unit|$s->{joining}"), "replacement");
        if ($whole) {
            my @here = map { $things{$_} } @{$objects{$unit}};
            my ($next) = sort { $a->[0] cmp $b->[0] || $a->[1] cmp $b->[1] } map { [$ticket->("$unit|$_->{lot}"), $_->{lot}] }
                grep { !$barred{$_->{lot}} && may_go($rules, $rules->{places}[$s->{place}], $_, @here) } @$people;
            my $why = $teams->{whys}[$i];
            expect($next && $next->[1] eq $s->{joining} && $allowed{$why->{reason}}, "next of a replacement");
            expect(sha256_hex(pack("H*", $why->{salt}) . utf("$why->{reason}\t$why->{evidence}")) eq $s->{why}, "why");
        }
        push @{$gone{$unit}}, $s->{leaving}; $team->{$s->{place}} = $s->{joining};
    }
}

sub state { my ($one, $today) = @_; my $seen = $one->{seen};
    return $seen->{void} ? "void" : $seen->{objects} ? "drawn" : $seen->{lapse} || $today gt $one->{body}{draw_by} ? "lapsed" : "open" }
my %after = (typed => "commit", shares => "typed", entropy => "typed", objects => "entropy", remove => "objects", people => "objects",
    replace => "people", void => "commit", lapse => "commit", note => "commit");
sub check_log {
    my ($c, $name, $result, $teams, $data, $whole) = @_;
    my @texts = split /\n/, decode("UTF-8", $data, 1), -1;
    expect(pop(@texts) eq "", "end of log");
    my @lines = map { read_json("line", utf($_), $LINE) } @texts;
    shaped("a line", $_->{body}, $BODY{$_->{kind}}) for @lines;
    my (%known, @known, %mine, $last, $commit, $typed);
    for my $i (0 .. $#lines) {
        my $line = $lines[$i]; my ($kind, $body) = @$line{qw(kind body)}; my $today = day_of($line->{at});
        my $right = $line->{seq} == $i + 1 && (!defined $last || $line->{at} ge $last) && ($body->{second} // "") ne $line->{by};
        $last = $line->{at};
        if ($kind eq "anchor") { $right &&= $body->{size} >= 1 && $body->{size} <= $i && head(@texts[0 .. $body->{size} - 1]) eq $body->{root}
            && signed(pack("H*", $body->{key}), utf("ssj-draw-head/2\n$c->{bureau}\n$body->{party}\n$body->{size}\n$body->{root}\n$body->{at}\n"), pack("H*", $body->{signature})) }
        elsif ($kind eq "commit") {
            my @before = grep { $_->{body}{batch_id} eq $body->{batch_id} } @known;
            $right &&= !$known{$body->{commitment}} && $body->{draw_no} == @before + 1 && (!@before || state($before[-1], $today) =~ /^(void|lapsed)$/)
                && (grep { state($_, $today) eq "open" } @known) < 12 && $today lt $body->{known_from} && $body->{known_from} le $body->{known_on}
                && $body->{known_on} le $body->{draw_by} && $body->{draw_by} le iso(seconds($today) + 90 * 86400)
                && ($body->{anchor} eq "none") == ($body->{second} ne "");
            push @known, $known{$body->{commitment}} = {body => $body, seen => {commit => 1}, seq => $i + 1} unless $known{$body->{commitment}};
        } elsif (my $one = $known{$body->{commitment}}) {
            my $seen = $one->{seen};
            my $drawing = $kind =~ /^(typed|shares|entropy|objects)$/;
            $right &&= $seen->{$after{$kind}} && !($seen->{void} && $kind ne "note") && !($kind =~ /^(entropy|shares|objects|people|void|lapse)$/ && $seen->{$kind});
            $right &&= !($kind eq "shares" && $seen->{entropy}) && !($kind eq "remove" && $seen->{people});
            $right &&= !($kind eq "lapse" && ($seen->{objects} || $today le $one->{body}{draw_by}));
            $right &&= !($drawing && ($today gt $one->{body}{draw_by} || $seen->{lapse})) && !($drawing && $kind ne "typed" && $seen->{typed} > 1);
            $right &&= !($kind =~ /^(typed|entropy)$/ && $today lt $one->{body}{known_on}) && !($kind eq "entropy" && $line->{by} eq $one->{typed_by});
            $one->{typed_by} //= $line->{by} if $kind eq "typed";
            $seen->{$kind}++;
            if ($body->{commitment} eq $name) { push @{$mine{$kind}}, $line; $typed //= $i + 1 if $drawing }
        } else { $right = 0 }
        expect($right, "log line " . ($i + 1));
    }
    my $one = $known{$name} or die "no commitment in the log\n";
    my @days = sort map { $_->{day} } @{$c->{sources}};
    my %due = (batch_id => $c->{batch_id}, draw_no => $c->{draw_no}, known_from => $days[0], known_on => $days[-1], draw_by => $c->{draw_by}, anchor => $c->{anchor}{mode});
    expect(!(grep { $one->{body}{$_} ne $due{$_} } keys %due), "commit line");
    expect($c->{log}{size} < $one->{seq} && head(@texts[0 .. $c->{log}{size} - 1]) eq $c->{log}{root}, "log head of the commitment");
    my $of = sub { my ($kind, @keys) = @_; join "\n", map { my $b = $_->{body}; join "|", map { ref $b->{$_} ? canonical($b->{$_}) : $b->{$_} } @keys } @{$mine{$kind} // []} };
    expect($of->("typed", "sha256") eq sha(join "\n", @{$result->{values}}), "typed");
    expect($of->("entropy", "values") eq canonical($result->{values}), "entropy");
    expect($of->("shares", "shares") eq (@{$result->{shares}} ? canonical($result->{shares}) : ""), "shares");
    expect($of->("objects", "sha256") eq sha(canonical($result->{strata})), "objects");
    expect($of->("remove", qw(lot reason evidence)) eq join("\n", map { join "|", @$_{qw(lot reason evidence)} } @{$result->{removals}}), "removals");
    if ($teams) {
        my $keyed = defined $teams->{key};
        my $due = $keyed ? hmac_sha256_hex(utf(canonical($teams->{units})), pack("H*", $teams->{key})) : sha(canonical($teams->{units}));
        expect(!(grep { exists $_->{body}{hmac_sha256} xor $keyed } @{$mine{people} // []}), "form of the line of teams");
        expect($of->("people", $keyed ? "hmac_sha256" : "sha256") eq $due, "people");
        expect(!$whole && !@{$teams->{replacements}} || $of->("replace", qw(sha256 second)) eq join("\n", map { sha(canonical($_)) . "|$_->{second}" } @{$teams->{replacements}}), "replacements");
    } else { expect(!$whole || !$mine{people}, "no teams") }
    my (%one_name, %one_key);
    my ($signing, @parties) = ($c->{anchor}{mode} eq "signed", @{$c->{anchor}{parties}});
    expect($signing == (@parties > 0) && $signing == ($c->{anchor}{reason} !~ /\S/) && !(grep { $one_name{$_->{name}}++ || $one_key{$_->{key}}++ } @parties), "anchor of the commitment");
    return if $c->{batch_id} =~ /^TEST-/ || !$signing;
    my %party = map { ("$_->{name}|$_->{key}" => 1) } @{$c->{anchor}{parties}};
    expect(scalar(grep { my $b = $_->{body}; $_->{kind} eq "anchor" && $party{"$b->{party}|$b->{key}"} && $b->{size} >= $one->{seq} && $_->{seq} < ($typed // 0)
        && day_of($b->{at}) lt $days[0] && day_of($_->{at}) lt $days[0] } @lines), "anchor before the randomness");
}

for my $dir (map { decode("UTF-8", $_) } @ARGV) {
    @bad = ();
    forget();
    eval { local $SIG{__WARN__} = sub { die @_ }; verify($dir); 1 } or push @bad, "broken: " . ($@ =~ s/\n.*//sr);
    print @bad ? "no $dir: " . join("; ", @bad) . "\n" : "ok $dir\n";
}

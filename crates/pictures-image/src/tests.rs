//! Pictures of every kind, honest and hostile.

mod fixtures;

use std::iter;

use image::{DynamicImage, GenericImageView, GrayImage, ImageFormat, Luma, LumaA, Rgb, RgbImage, Rgba, RgbaImage};

use self::fixtures::{
    BLUE, KINDS, RED, SECRET, adobe_rgb, contains, corner, display_p3, encoded, linear_grey, moving_gif, moving_webp,
    noise, on_canvas, p3_of_gamma, png_header, riff, srgb, with_chunk, with_exif, with_profile, with_segment,
};
use super::{container::jpeg, *};

/// Bounds of pixels and memory as shipped; patience for a machine that is busy with other tests.
fn patient() -> PictureOptions {
    PictureOptions { wait: Duration::from_mins(1), ..PictureOptions::default() }
}

fn process(bytes: &[u8]) -> Result<ProcessedPicture, PictureError> {
    ImagePictures::new(patient()).process(bytes)
}

/// The picture that came out. It must be one chunk of pixels from the first byte to the last.
#[track_caller]
fn painted(bytes: &[u8]) -> DynamicImage {
    let picture = process(bytes).unwrap();
    let bytes = &picture.bytes;
    let length = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!((&bytes[..4], &bytes[8..16]), (&b"RIFF"[..], &b"WEBPVP8L"[..]));
    assert_eq!((length(4), length(16).next_multiple_of(2)), (bytes.len() - 8, bytes.len() - 20));
    assert_eq!(picture.extension, "webp");
    image::load_from_memory_with_format(bytes, ImageFormat::WebP).unwrap()
}

fn near(left: Rgba<u8>, right: Rgb<u8>) -> bool {
    iter::zip(left.0, right.0).all(|(left, right)| left.abs_diff(right) < 32)
}

#[test]
fn r71_each_of_the_four_kinds_is_taken_with_its_pixels() {
    for kind in KINDS {
        let picture = painted(&encoded(&corner(40, 30), kind));
        assert_eq!(picture.dimensions(), (40, 30), "{kind:?}");
        assert!(near(picture.get_pixel(20, 20), BLUE), "{kind:?}");
        if kind != ImageFormat::Jpeg {
            assert!(near(picture.get_pixel(0, 0), RED), "{kind:?}");
        }
    }
    let noise = noise(40, 30);
    for kind in [ImageFormat::Png, ImageFormat::WebP] {
        assert_eq!(painted(&encoded(&noise, kind)).to_rgb8(), noise.to_rgb8(), "lossless {kind:?}");
    }
}

#[test]
fn r71_every_depth_of_colour_is_taken_and_transparency_stays() {
    use image::ImageBuffer;
    let pictures: [DynamicImage; 6] = [
        ImageBuffer::from_pixel(4, 4, Luma([128u8])).into(),
        ImageBuffer::from_pixel(4, 4, LumaA([128u8, 64])).into(),
        ImageBuffer::from_pixel(4, 4, Rgba([1u8, 2, 3, 64])).into(),
        ImageBuffer::from_pixel(4, 4, Luma([128u16 * 257])).into(),
        ImageBuffer::from_pixel(4, 4, Rgb([257u16, 514, 771])).into(),
        ImageBuffer::from_pixel(4, 4, Rgba([257u16, 514, 771, 64 * 257])).into(),
    ];
    for picture in pictures {
        let out = painted(&encoded(&picture, ImageFormat::Png));
        assert_eq!(out.to_rgba8(), picture.to_rgba8(), "{:?}", picture.color());
    }
}

#[test]
fn r71_of_a_moving_picture_the_first_frame_is_taken() {
    for moving in [moving_gif(RED, BLUE), moving_webp(RED, BLUE)] {
        let picture = painted(&moving);
        assert_eq!(picture.dimensions(), (8, 8));
        assert!(picture.pixels().all(|(_, _, pixel)| near(pixel, RED)));
    }
}

#[test]
fn r71_whatever_is_no_picture_of_the_four_kinds_is_refused() {
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
    let png = encoded(&corner(4, 4), ImageFormat::Png);
    for bytes in [
        &b""[..],
        b"\x89",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xda\xff\xd9",
        b"GIF89a",
        b"RIFF\x04\0\0\0WEBP",
        svg,
        b"<?xml version=\"1.0\"?><svg/>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0",
        b"II*\0\x08\0\0\0",
        b"\0\0\x01\0\x01\0",
        b"\0\0\0\x20ftypavif",
        b"%PDF-1.7",
        b"P6 1 1 255 abc",
        &[b"<html>".as_slice(), &png].concat(),
        &[0; 4096],
    ] {
        assert_eq!(process(bytes), Err(PictureError::Unsupported), "{:?}", &bytes[..bytes.len().min(20)]);
    }
}

#[test]
fn r71_a_broken_picture_is_refused() {
    for kind in KINDS {
        let whole = encoded(&noise(64, 64), kind);
        for end in [whole.len() / 4, whole.len() / 2, whole.len() * 3 / 4] {
            assert_eq!(process(&whole[..end]), Err(PictureError::Unsupported), "{kind:?}, {end} of {}", whole.len());
        }
    }
    // The end of the thumbnail is not the end of the picture.
    let jpeg = with_exif(&noise(64, 64), ImageFormat::Jpeg, 1);
    assert!(process(&jpeg).is_ok());
    assert_eq!(process(&jpeg[..jpeg.len() / 2]), Err(PictureError::Unsupported));
}

#[test]
fn r72_a_large_picture_shrinks_to_fit_and_a_small_one_stays() {
    for (width, height, expected) in [
        (1000, 500, (512, 256)),
        (500, 1000, (256, 512)),
        (513, 513, (512, 512)),
        (512, 512, (512, 512)),
        (10, 3, (10, 3)),
        (1, 1, (1, 1)),
        (4096, 1, (512, 1)),
    ] {
        let picture = painted(&encoded(&corner(width, height), ImageFormat::Png));
        assert_eq!(picture.dimensions(), expected, "{width}x{height}");
    }
}

#[test]
fn r72_a_picture_is_turned_upright_before_its_metadata_go() {
    // Where the red corner belongs, by orientation (Exif 2.3, tag 0x0112).
    let corners = [(0, 0), (2, 0), (2, 1), (0, 1), (0, 0), (1, 0), (1, 2), (0, 2)];
    for (orientation, (x, y)) in iter::zip(1.., corners) {
        for kind in [ImageFormat::Png, ImageFormat::WebP] {
            let picture = painted(&with_exif(&corner(3, 2), kind, orientation));
            let turned = orientation > 4;
            assert_eq!(picture.dimensions(), if turned { (2, 3) } else { (3, 2) }, "{kind:?} {orientation}");
            let red = picture.pixels().find(|(.., pixel)| near(*pixel, RED)).unwrap();
            assert_eq!((red.0, red.1), (x, y), "{kind:?} {orientation}");
        }
        let picture = painted(&with_exif(&corner(600, 300), ImageFormat::Jpeg, orientation));
        assert_eq!(picture.dimensions(), if orientation > 4 { (256, 512) } else { (512, 256) }, "JPEG {orientation}");
    }
}

#[test]
fn r72_nothing_but_pixels_survives() {
    for kind in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let bytes = with_exif(&corner(16, 16), kind, 1);
        painted(&bytes);
        assert!(!contains(&process(&bytes).unwrap().bytes, SECRET.as_bytes()), "{kind:?}");
    }
    let png = encoded(&corner(16, 16), ImageFormat::Png);
    let commented = with_chunk(&png, *b"tEXt", format!("Comment\0{SECRET}").as_bytes());
    assert!(contains(&commented, SECRET.as_bytes()));
    assert_eq!(process(&commented), process(&png));
}

#[test]
fn r72_a_picture_that_is_also_a_page_comes_out_as_a_picture() {
    let page = b"<html><script>alert(document.cookie)</script></html>";
    for kind in KINDS {
        let picture = encoded(&corner(16, 16), kind);
        let polyglot = [&picture, page.as_slice()].concat();
        painted(&polyglot);
        assert_eq!(process(&polyglot), process(&picture), "{kind:?}");
    }
}

#[test]
fn r71_what_follows_a_picture_is_ignored() {
    let other = encoded(&noise(40, 40), ImageFormat::Jpeg);
    let film = [b"\0\0\0\x18ftypmp42", [0x5a; 5000].as_slice()].concat();
    let tails: [&[u8]; 7] = [b"\xff\xda\0", b"\xff\xd9", b"\xff", &[0; 4096], &film, &other, &other[..300]];
    for kind in KINDS {
        let picture = encoded(&corner(16, 16), kind);
        for tail in tails {
            let start = &tail[..tail.len().min(4)];
            assert_eq!(process(&[&picture, tail].concat()), process(&picture), "{kind:?}, {start:?}");
        }
        let twice = [picture.as_slice(), &encoded(&noise(20, 20), kind)].concat();
        assert_eq!(process(&twice), process(&picture), "{kind:?} twice");
    }
}

#[test]
fn r71_a_thumbnail_ends_no_picture_and_its_end_completes_none() {
    let picture = encoded(&noise(64, 64), ImageFormat::Jpeg);
    let thumbnail = [jpeg::EXIF, &encoded(&corner(8, 8), ImageFormat::Jpeg)].concat();
    let whole = with_segment(&picture, 0xe1, &thumbnail);
    assert_eq!(process(&whole), process(&picture));
    for end in [whole.len() - 2, whole.len() - 1, thumbnail.len() + 60] {
        assert_eq!(process(&whole[..end]), Err(PictureError::Unsupported), "{end}");
    }
}

#[test]
fn r72_colours_of_a_profile_are_converted_to_srgb() {
    let within = |out: Rgba<u8>, expected: Rgb<u8>, slack: u8| {
        let distance = iter::zip(out.0, expected.0).map(|(left, right)| left.abs_diff(right)).max();
        assert!(distance <= Some(slack), "{out:?} for {expected:?}");
    };
    for (colour, profile, expected) in [
        (Rgb([200, 60, 40]), display_p3(), Rgb([218, 42, 23])),
        (Rgb([200, 60, 40]), p3_of_gamma(), Rgb([219, 37, 13])),
        (Rgb([128, 128, 128]), display_p3(), Rgb([128, 128, 128])),
    ] {
        let [red, green, blue] = colour.0;
        let opaque = DynamicImage::from(RgbImage::from_pixel(16, 16, colour));
        let transparent = DynamicImage::from(RgbaImage::from_pixel(16, 16, Rgba([red, green, blue, 100])));
        let deep = DynamicImage::from(opaque.to_rgb16());
        for (picture, kind) in [
            (&opaque, ImageFormat::Png),
            (&opaque, ImageFormat::Jpeg),
            (&opaque, ImageFormat::WebP),
            (&transparent, ImageFormat::Png),
            (&transparent, ImageFormat::WebP),
            (&deep, ImageFormat::Png),
        ] {
            let out = painted(&with_profile(picture, kind, profile.clone())).get_pixel(8, 8);
            // JPEG itself is not exact.
            within(out, expected, if kind == ImageFormat::Jpeg { 4 } else { 2 });
            assert_eq!(out.0[3], if picture.color().has_alpha() { 100 } else { 255 }, "{kind:?}");
        }
    }
    let png = encoded(&RgbImage::from_pixel(16, 16, Rgb([200, 60, 40])).into(), ImageFormat::Png);
    let tagged = with_chunk(&png, *b"cICP", &[12, 13, 0, 1]);
    within(painted(&tagged).get_pixel(8, 8), Rgb([218, 42, 23]), 2);
}

#[test]
fn r72_of_other_profiles_those_of_the_same_space_are_used() {
    let red = DynamicImage::from(RgbImage::from_pixel(8, 8, Rgb([180, 60, 40])));
    let wide = painted(&with_profile(&red, ImageFormat::Png, adobe_rgb())).get_pixel(4, 4);
    assert!(wide.0[0] > 195 && wide.0[1].abs_diff(60) < 8, "{wide:?}");
    let same = painted(&with_profile(&red, ImageFormat::Png, srgb())).get_pixel(4, 4);
    assert!(iter::zip(same.0, [180, 60, 40]).all(|(left, right)| left.abs_diff(right) <= 1), "{same:?}");

    let grey = DynamicImage::from(GrayImage::from_pixel(8, 8, Luma([128])));
    for kind in [ImageFormat::Png, ImageFormat::Jpeg] {
        // Linear light of a half is a lighter grey in sRGB.
        let out = painted(&with_profile(&grey, kind, linear_grey())).get_pixel(4, 4);
        assert!(out.0[..3].iter().all(|channel| channel.abs_diff(188) <= 2), "{kind:?} {out:?}");
        let out = painted(&with_profile(&grey, kind, display_p3())).get_pixel(4, 4);
        assert!(out.0[..3].iter().all(|channel| channel.abs_diff(128) <= 2), "{kind:?} {out:?}");
    }
    let plain = encoded(&red, ImageFormat::Png);
    assert_eq!(process(&with_profile(&red, ImageFormat::Png, linear_grey())), process(&plain), "of another space");
    // sRGB, high dynamic range, and numbers that are not used.
    for cicp in [[1, 13, 0, 1], [9, 16, 0, 1], [12, 13, 1, 1], [12, 13, 0, 0], [255, 13, 0, 1]] {
        let [exact, tagged] = [&plain, &with_chunk(&plain, *b"cICP", &cicp)].map(|bytes| painted(bytes).to_rgb8());
        assert!(iter::zip(exact.iter(), tagged.iter()).all(|(left, right)| left.abs_diff(*right) <= 1), "{cicp:?}");
    }
}

#[test]
fn r72_a_broken_profile_is_ignored() {
    let picture = noise(24, 24);
    let whole = display_p3();
    for kind in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let plain = process(&encoded(&picture, kind));
        let much = [whole.as_slice(), &vec![0; 3 << 20]].concat();
        for profile in [&b""[..], b"no profile", &whole[..100], &[0; 4096], &much] {
            let length = profile.len();
            assert_eq!(process(&with_profile(&picture, kind, profile.to_vec())), plain, "{kind:?}, {length} bytes");
        }
    }
    // Whatever a byte is changed to, a picture comes out.
    for at in 0..whole.len() {
        let mut broken = whole.clone();
        broken[at] = [0, 0x7f, 0xff][at % 3];
        painted(&with_profile(&corner(2, 2), ImageFormat::Png, broken));
    }
    let png = encoded(&picture, ImageFormat::Png);
    for data in [&b""[..], b"\0", b"name", b"name\0", b"name\0\x01abc", b"name\0\0not zlib"] {
        assert_eq!(process(&with_chunk(&png, *b"iCCP", data)), process(&png), "{data:?}");
    }
    assert_eq!(process(&with_chunk(&png, *b"cICP", &[12])), process(&png));
}

#[test]
fn r72_an_animated_png_is_its_still_picture() {
    let png = encoded(&corner(8, 8), ImageFormat::Png);
    let control = with_chunk(&png, *b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]);
    assert_eq!(process(&control), process(&png));
}

#[test]
fn r73_a_picture_that_claims_to_be_huge_is_refused_by_its_header() {
    let too_large = Err(PictureError::TooLarge { side: 16_384, megapixels: 65 });
    assert_eq!(process(&png_header(50_000, 50_000)), too_large);
    assert_eq!(process(&png_header(u32::MAX, u32::MAX)), too_large);
    assert_eq!(process(&png_header(16_385, 1)), too_large);
    assert_eq!(process(&png_header(8126, 8000)), too_large, "65,008,000 pixels");
    // Their memory would be enough for 61 million pixels of 4 bytes.
    let claimed = |process: Result<_, _>| match process {
        Err(PictureError::TooLarge { side: 16_384, megapixels }) => megapixels,
        other => panic!("{other:?}"),
    };
    assert!((55..=64).contains(&claimed(process(&png_header(8000, 8125)))), "{:?}", process(&png_header(8000, 8125)));
    assert_eq!(process(&png_header(4096, 4096)), Err(PictureError::Unsupported), "within bounds, but without pixels");
    for nothing in [png_header(0, 1), png_header(1, 0)] {
        assert_eq!(process(&nothing), Err(PictureError::Unsupported));
    }
}

#[test]
fn r73_the_bounds_hold_for_every_kind() {
    let options = PictureOptions { max_side: 64, ..patient() };
    let too_large = |megapixels| Err(PictureError::TooLarge { side: 64, megapixels });
    for kind in KINDS {
        let process = |width, height| ImagePictures::new(options).process(&encoded(&corner(width, height), kind));
        assert!(process(64, 64).is_ok(), "{kind:?}");
        assert_eq!(process(65, 1), too_large(65), "{kind:?}");
        assert_eq!(process(1, 65), too_large(65), "{kind:?}");

        let picture = encoded(&corner(64, 64), kind);
        let memory = ImagePictures::new(options).memory(&picture).unwrap();
        let with = |max_memory| ImagePictures::new(PictureOptions { max_memory, ..options }).process(&picture);
        assert!(with(memory).is_ok(), "{kind:?}");
        assert_eq!(with(memory - 1), too_large(1), "{kind:?}");

        let few = ImagePictures::new(PictureOptions { max_megapixels: 1, max_side: 2000, ..options });
        assert!(few.process(&encoded(&corner(1000, 1000), kind)).is_ok(), "{kind:?}");
        let refused = few.process(&encoded(&corner(1001, 1000), kind));
        assert_eq!(refused, Err(PictureError::TooLarge { side: 2000, megapixels: 1 }), "{kind:?}");
    }
}

#[test]
fn r73_a_bit_stream_larger_than_its_canvas_is_refused() {
    let still = encoded(&noise(64, 64), ImageFormat::WebP);
    assert!(process(&on_canvas(&still[12..], 64, 64)).is_ok());
    for (width, height) in [(1, 1), (64, 63), (65, 64)] {
        assert_eq!(process(&on_canvas(&still[12..], width, height)), Err(PictureError::Unsupported));
    }
    let huge = riff(*b"VP8 ", &[&b"\x10\0\0\x9d\x01\x2a\xff\x3f\xff\x3f"[..], &[0; 200]].concat());
    assert_eq!(process(&on_canvas(&huge, 1, 1)), Err(PictureError::Unsupported));
}

#[test]
fn r73_a_jpeg_of_very_many_scans_is_refused() {
    let picture = encoded(&corner(16, 16), ImageFormat::Jpeg);
    let scan = picture.windows(2).position(|pair| pair == b"\xff\xda").unwrap();
    let (head, scan) = picture[..picture.len() - 2].split_at(scan);
    let many = [head, &scan.repeat(65), b"\xff\xd9"].concat();
    assert_eq!(process(&many), Err(PictureError::Unsupported));
}

#[test]
fn r73_the_memory_of_all_pictures_together_is_bounded() {
    let bytes = encoded(&corner(600, 400), ImageFormat::Png);
    let memory = ImagePictures::new(patient()).memory(&bytes).unwrap();
    let pictures = ImagePictures::new(PictureOptions { permits: 8, max_memory: 2 * memory, ..patient() });
    let now = Instant::now;
    let share = |bytes| Budget::acquire(&pictures.budget, bytes, now()).unwrap();
    let (first, second) = (share(memory), share(memory));
    assert!(Budget::acquire(&pictures.budget, 1, now()).is_none());
    thread::scope(|scope| {
        let waiting = scope.spawn(|| pictures.process(&bytes));
        drop(first);
        assert!(waiting.join().unwrap().is_ok());
    });
    drop(second);
    drop(share(2 * memory));
}

#[test]
fn r73_no_more_pictures_than_permitted_are_decoded_at_once() {
    let pictures = ImagePictures::new(PictureOptions { permits: 1, ..patient() });
    let impatient = ImagePictures {
        options: PictureOptions { wait: Duration::from_millis(30), ..pictures.options },
        budget: Arc::clone(&pictures.budget),
    };
    let bytes = encoded(&corner(4, 4), ImageFormat::Png);
    let permit = Budget::acquire(&pictures.budget, 1, Instant::now()).unwrap();
    assert_eq!(impatient.process(&bytes), Err(PictureError::Busy));
    thread::scope(|scope| {
        let waiting = scope.spawn(|| pictures.process(&bytes));
        drop(permit);
        assert!(waiting.join().unwrap().is_ok());
    });
    assert!(pictures.process(&bytes).is_ok(), "the permit came back");
}

#[test]
fn r73_a_picture_that_takes_too_long_is_given_up_and_its_permit_comes_back_when_it_ends() {
    let pictures = ImagePictures::new(PictureOptions { permits: 1, wait: Duration::ZERO, ..patient() });
    let bytes = encoded(&noise(1500, 1500), ImageFormat::Png);
    assert_eq!(pictures.process(&bytes), Err(PictureError::Busy));
    assert!(Budget::acquire(&pictures.budget, 1, Instant::now()).is_none(), "still at work");
    assert!(Budget::acquire(&pictures.budget, 1, Instant::now() + Duration::from_mins(1)).is_some());
}
